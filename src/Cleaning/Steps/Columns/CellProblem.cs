using OrleansClean.Cleaning.Formulas;

namespace OrleansClean.Cleaning.Steps;

/// <summary>Problems of one cell.</summary>
internal static class CellProblem
{
    /// <summary>A problem in <paramref name="column"/>, with as much of the offending text as a problem keeps.</summary>
    public static Problem Of(
        string code,
        string message,
        ColumnBinding column,
        string expected,
        ReadOnlySpan<byte> text) =>
        new(code, message, column.Name, column.SourceIndex, expected, Problem.Keep(text));

    /// <summary>A text that a step made is longer than a row may become.</summary>
    public static Problem TooLong(ColumnBinding column, ReadOnlySpan<byte> text) => Of(
        ProblemCodes.FieldTooLong,
        $"The text that the step makes of the cell is longer than {TextArena.BytesPerRowMax >> 20} MiB.",
        column,
        "a shorter text",
        text);
}
