using System.Globalization;
using System.Text.Unicode;

namespace OrleansClean.Cleaning.Csv;

/// <summary>What can be wrong with a record before any step sees it, in words.</summary>
internal static class RecordProblems
{
    /// <summary>NUL or invalid UTF-8 in a record's bytes, or null.</summary>
    public static Problem? OfBytes(ReadOnlySpan<byte> raw)
    {
        var nul = raw.IndexOf((byte)0);
        if (nul >= 0)
        {
            return new Problem(
                ProblemCodes.NulByte,
                $"Byte {Number(nul + 1)} of the record is NUL. Text holds no NUL: remove it, or name the file's encoding in read.encoding.");
        }

        return Utf8.IsValid(raw)
            ? null
            : new Problem(
                ProblemCodes.EncodingError,
                "The record is not valid UTF-8. Mend its bytes, or name the file's encoding in read.encoding.",
                Expected: "utf-8");
    }

    /// <summary>A record with another number of cells than the header.</summary>
    public static Problem OfWidth(int cells, int columns) => cells > columns
        ? new Problem(
            ProblemCodes.ExtraCell,
            $"The record has {Cells(cells)}, the header has {(columns == 1 ? "1 column" : $"{Number(columns)} columns")}. Quote cells that hold the delimiter.",
            Expected: Cells(columns))
        : new Problem(
            ProblemCodes.MissingCell,
            $"The record has {Cells(cells)}, the header has {(columns == 1 ? "1 column" : $"{Number(columns)} columns")}. Add the missing cells.",
            Expected: Cells(columns));

    /// <summary>A record whose quotes are broken; its first physical line alone is rejected.</summary>
    public static Problem OfQuotes(ParsedKind kind) => kind == ParsedKind.TextAfterQuote
        ? new Problem(
            ProblemCodes.TextAfterQuote,
            "A quoted field is followed by other text. Double the quotes inside it, or take the quotes off. Reading resumed at the next line.",
            Expected: "delimiter or line end")
        : new Problem(
            ProblemCodes.UnterminatedQuote,
            "A quoted field does not end within the record's limits. Close its quote. Reading resumed at the next line.",
            Expected: "closing quote");

    /// <summary>A line longer than a record may be; <paramref name="longestField"/> tells whether one field is to blame.</summary>
    public static Problem OfLength(long longestField, Limits limits) => longestField > limits.FieldBytesMax
        ? new Problem(
            ProblemCodes.FieldTooLong,
            $"A field has {Number(longestField)} bytes. Its record is too long to repeat in the rejected rows.",
            Expected: $"at most {Number(limits.FieldBytesMax)} bytes")
        : new Problem(
            ProblemCodes.LineTooLong,
            "The record is longer than its limit, and too long to repeat in the rejected rows.",
            Expected: $"at most {Number(limits.RecordBytesMax)} bytes");

    /// <summary>Too many broken records: the file is not a CSV file of this dialect.</summary>
    public static FileFailedException Malformed(string code, long line, int brokenMax) => new(
        ProblemCodes.MalformedFile,
        $"More than {Number(brokenMax)} records have broken quotes, the last at line {Number(line)} ({code}). "
        + "Check read.quote and read.delimiter.")
    {
        Line = line,
    };

    private static string Cells(int count) => count == 1 ? "1 cell" : $"{Number(count)} cells";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
