using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// A column whose text a step rewrites. If it had a type, that ends here: what stands in it afterwards is text, read as a
/// number only where a number is needed, like a cell of the file.
/// </summary>
internal readonly record struct RewrittenColumn(ColumnBinding Column, bool WasTyped)
{
    public int Slot => Column.Slot;

    /// <summary>Takes the type off <paramref name="column"/> in <paramref name="compilation"/>.</summary>
    public static RewrittenColumn Of(ColumnBinding column, StepCompilation compilation)
    {
        var wasTyped = column.Type is not (ColumnType.Untyped or ColumnType.Text);
        if (wasTyped)
        {
            compilation.Columns.Retype(column.Slot, ColumnType.Untyped);
        }

        return new RewrittenColumn(column, wasTyped);
    }

    /// <summary>Leaves the cell's text as it is.</summary>
    public void Leave(Row row)
    {
        if (WasTyped)
        {
            row.Untype(Slot);
        }
    }

    /// <summary>
    /// Does what <paramref name="onError"/> says about a cell that cannot be processed. <see cref="StepResult.Keep"/> if
    /// the row goes on.
    /// </summary>
    public StepResult Fail(Row row, EvaluationContext context, RowStep step, OnError onError, Problem problem)
    {
        switch (onError)
        {
            case OnError.Null:
                row.SetText(Slot, Value.Null);
                step.CellsChanged++;
                return StepResult.Keep;
            case OnError.Keep:
                Leave(row);
                return StepResult.Keep;
            default:
                context.Fail(problem);
                return onError == OnError.Fail ? StepResult.Fail : StepResult.Reject;
        }
    }
}
