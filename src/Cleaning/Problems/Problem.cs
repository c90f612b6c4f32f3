namespace OrleansClean.Cleaning;

/// <summary>
/// What is wrong with one record or cell. It is data, not an exception: it is counted, placed and written to the rejects.
/// </summary>
/// <param name="Code">A name of <see cref="ProblemCodes"/>.</param>
/// <param name="Message">One sentence: what was found, what to do. Never holds a cell's text.</param>
/// <param name="Column">The column's name, or null if the problem is the record's.</param>
/// <param name="ColumnIndex">The column's position in the input from zero, or -1.</param>
/// <param name="Expected">What was expected, such as <c>decimal(12,2)</c>; empty if there is nothing to say.</param>
/// <param name="Value">The offending text as UTF-8, as <see cref="Keep"/> keeps it, or null.</param>
public sealed record Problem(
    string Code,
    string Message,
    string? Column = null,
    int ColumnIndex = -1,
    string Expected = "",
    byte[]? Value = null)
{
    /// <summary>Bytes of an offending cell that a reject record shows.</summary>
    public const int ValueBytesMax = 4096;

    /// <summary>
    /// As much of <paramref name="text"/> as a problem keeps: one byte more than is shown, which tells whether the text goes on and
    /// whether it is cut between two characters.
    /// </summary>
    internal static byte[] Keep(ReadOnlySpan<byte> text) => text[..Math.Min(text.Length, ValueBytesMax + 1)].ToArray();
}
