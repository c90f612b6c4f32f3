using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>A condition that rows must not break, and what is said of a row that does.</summary>
internal sealed class CheckedCondition
{
    private readonly string? _message;
    private readonly ColumnBinding? _column;

    public CheckedCondition(CompiledFormula compiled, Formula formula, string? message, ColumnSet columns)
    {
        Compiled = compiled;
        Text = formula.Text;
        _message = message;
        var (name, _) = formula.Syntax.ColumnsRead.FirstOrDefault();
        _column = name is null ? null : columns.Find(name, out _);
    }

    /// <summary>The condition, ready to run.</summary>
    public CompiledFormula Compiled { get; }

    /// <summary>The condition as the plan writes it.</summary>
    public string Text { get; }

    /// <summary>The problem of the current row: in the condition's first column, with what stands there.</summary>
    public Problem Broken(Row row)
    {
        var message = _message ?? $"The row breaks {Text}.";
        if (_column is null)
        {
            return new Problem(ProblemCodes.ConstraintError, message, Expected: Text);
        }

        row.ReadVerbatim(_column.Slot, out var text);
        return CellProblem.Of(ProblemCodes.ConstraintError, message, _column, Text, text.AsText);
    }
}
