namespace OrleansClean.Cleaning.Formulas;

/// <summary>What can be wrong with a row when a formula is evaluated. No message holds a cell's text.</summary>
internal static class FormulaProblems
{
    public static Problem NotOfType(ColumnBinding? column, string expected, in Value found)
    {
        var what = column is null ? "A text" : "The cell";
        return new Problem(
            ProblemCodes.TypeError,
            $"{what} cannot be read as {expected}.",
            column?.Name,
            column?.SourceIndex ?? -1,
            expected,
            found.Kind == ValueKind.Text ? Problem.Keep(found.AsText) : null);
    }

    public static Problem Overflow { get; } = Expression("The result is larger than its type can hold.");

    public static Problem DivisionByZero { get; } = Expression("Division by zero.");

    public static Problem NotFinite { get; } = Expression("The result is not a finite number.");

    public static Problem TooMuchText { get; } =
        Expression($"The row's text grew beyond {TextArena.BytesPerRowMax >> 20} MiB.");

    public static Problem Expression(string message) => new(ProblemCodes.ExpressionError, message);
}
