using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary><c>replace</c>: parts of a cell's text become another text, in the order in which the plan lists them.</summary>
internal sealed class ReplaceStep(StepIdentity identity, OnError onError, (RewrittenColumn[] Columns, TextReplacer Replacer)[] parts)
    : RowStep(identity)
{
    public static RowStep Compile(Step.Replace step, StepCompilation compilation)
    {
        var parts = new List<(RewrittenColumn[], TextReplacer)>();
        foreach (var replacement in step.Replacements)
        {
            if (TextReplacer.TryCreate(replacement, out var replacer, out var error))
            {
                var columns = compilation.Choose(replacement.Columns);
                parts.Add(([.. columns.Select(column => RewrittenColumn.Of(column, compilation))], replacer));
            }
            else
            {
                compilation.Problems.Add(new PlanProblem(replacement.At, error));
            }
        }

        return parts.TrueForAll(part => part.Item1.Length == 0)
            ? compilation.HeaderOnly()
            : new ReplaceStep(compilation.Identity, step.OnError, [.. parts]);
    }

    public override StepResult Apply(Row row, EvaluationContext context)
    {
        foreach (var (columns, replacer) in parts)
        {
            foreach (var column in columns)
            {
                var result = Apply(row, context, column, replacer);
                if (result != StepResult.Keep)
                {
                    return result;
                }
            }
        }

        return StepResult.Keep;
    }

    private StepResult Apply(Row row, EvaluationContext context, in RewrittenColumn column, TextReplacer replacer)
    {
        row.ReadText(column.Slot, out var text);
        if (text.IsNull || !replacer.IsMatch(text.AsText))
        {
            column.Leave(row);
            return StepResult.Keep;
        }

        if (!replacer.TryReplace(text.AsText, row.Arena, out var replaced))
        {
            return column.Fail(row, context, this, onError, CellProblem.TooLong(column.Column, text.AsText));
        }

        if (replaced.AsText.SequenceEqual(text.AsText))
        {
            column.Leave(row);
            return StepResult.Keep;
        }

        row.SetText(column.Slot, replaced);
        CellsChanged++;
        return StepResult.Keep;
    }
}
