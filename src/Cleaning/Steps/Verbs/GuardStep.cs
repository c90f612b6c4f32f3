using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// <c>guard</c>: no cell and no column's name that goes on is one that a spreadsheet takes for a formula. Columns keep their
/// types: the plain form of a number or a date is no formula, and a cell that could not be read as one is null.
/// </summary>
internal sealed class GuardStep(StepIdentity identity, OnError onError, bool rejects, ColumnBinding[] columns) : RowStep(identity)
{
    public static RowStep Compile(Step.Guard step, StepCompilation compilation)
    {
        var chosen = compilation.Choose(step.Columns);
        var bySlot = chosen.ToDictionary(column => column.Slot, column => SpreadsheetText.Neutralise(column.Name));
        if (step.Rejects && chosen.Find(column => bySlot[column.Slot] != column.Name) is { } formula)
        {
            throw compilation.IsFormula(formula.Name);
        }

        compilation.Columns.Replace(
            [.. compilation.Columns.All.Select(column => bySlot.TryGetValue(column.Slot, out var name) ? column with { Name = name } : column)]);
        return chosen.Count == 0
            ? compilation.HeaderOnly()
            : new GuardStep(compilation.Identity, step.OnError, step.Rejects, [.. chosen]);
    }

    public override StepResult Apply(Row row, EvaluationContext context)
    {
        foreach (var column in columns)
        {
            // What has no text yet is a number or a date.
            if (row.TryGetUnformatted(column.Slot, out _))
            {
                continue;
            }

            row.ReadVerbatim(column.Slot, out var text);
            var marks = SpreadsheetText.CountMarks(text.AsText);
            if (marks != 0
                && (rejects || !TryNeutralise(row, column, text, marks))
                && Fail(row, context, column, text) is var result and not StepResult.Keep)
            {
                return result;
            }
        }

        return StepResult.Keep;
    }

    private bool TryNeutralise(Row row, ColumnBinding column, in Value text, int marks)
    {
        var length = text.TextLength + marks;
        if (!row.Arena.TryReserve(length, out var array, out var start))
        {
            return false;
        }

        SpreadsheetText.Neutralise(text.AsText, array.AsSpan(start, length));
        var neutral = Value.Text(array, start, length);
        if (column.Type is ColumnType.Untyped or ColumnType.Text)
        {
            row.SetText(column.Slot, neutral);
        }
        else
        {
            row.SetTyped(column.Slot, Value.Null, neutral);
        }

        CellsChanged++;
        return true;
    }

    private StepResult Fail(Row row, EvaluationContext context, ColumnBinding column, in Value text)
    {
        var problem = rejects
            ? CellProblem.Of(
                ProblemCodes.ConstraintError,
                "A spreadsheet would take the cell for a formula. Mend it, or say guard: formulas to have it neutralised.",
                column,
                "text that is no formula",
                text.AsText)
            : CellProblem.TooLong(column, text.AsText);
        return new RewrittenColumn(column, WasTyped: false).Fail(row, context, this, onError, problem);
    }
}
