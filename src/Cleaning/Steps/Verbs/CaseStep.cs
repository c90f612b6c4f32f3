using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary><c>case</c>: cells in lower, upper or title case, by Unicode's own mapping and no country's.</summary>
internal sealed class CaseStep(StepIdentity identity, OnError onError, (RewrittenColumn Column, LetterCase Case)[] columns)
    : RowStep(identity)
{
    public static RowStep Compile(Step.Case step, StepCompilation compilation)
    {
        var columns = new List<(RewrittenColumn, LetterCase)>();
        foreach (var (name, letterCase) in step.Columns)
        {
            if (compilation.Find(name) is { } column)
            {
                columns.Add((RewrittenColumn.Of(column, compilation), letterCase));
            }
        }

        return columns.Count == 0
            ? compilation.HeaderOnly()
            : new CaseStep(compilation.Identity, step.OnError, [.. columns]);
    }

    public override StepResult Apply(Row row, EvaluationContext context)
    {
        foreach (var (column, letterCase) in columns)
        {
            // A null word is no text to be written in capitals: "n/a" must stay the word that means null.
            row.ReadText(column.Slot, out var text);
            if (text.IsNull || !LetterCasing.Changes(text.AsText, letterCase))
            {
                column.Leave(row);
            }
            else if (LetterCasing.TryConvert(text.AsText, letterCase, row.Arena, out var converted))
            {
                row.SetText(column.Slot, converted);
                CellsChanged++;
            }
            else if (column.Fail(row, context, this, onError, CellProblem.TooLong(column.Column, text.AsText))
                is var result and not StepResult.Keep)
            {
                return result;
            }
        }

        return StepResult.Keep;
    }
}
