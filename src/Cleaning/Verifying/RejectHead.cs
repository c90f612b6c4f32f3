using System.Text;
using OrleansClean.Cleaning.Reading;

namespace OrleansClean.Cleaning.Verifying;

/// <summary>The head of a file of rejected rows, read with CsvHelper: the lines above the header, and the header, which may have several lines.</summary>
internal static class RejectHead
{
    /// <summary>Bytes of the head that begins <paramref name="text"/>, which is UTF-8; a guess for dialects that this reader does not know.</summary>
    public static int LengthIn(ArraySegment<byte> text, DetectedDialect dialect)
    {
        if (dialect.HeaderLine == 0)
            return 0;
        var length = 0;
        for (var line = 1; line < dialect.HeaderLine; line++)
        {
            var rest = text.AsSpan(length);
            var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
            if (end < 0)
                return text.Count;
            length += end + (rest[end..].StartsWith("\r\n"u8) ? 2 : 1);
        }

        using var header = new StreamReader(new MemoryStream(text.Array!, text.Offset + length, text.Count - length, writable: false), Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
        using var parser = new CsvHelper.CsvParser(header, InputCount.Configuration(dialect, skipsBlankLines: false));
        return parser.Read() ? length + Encoding.UTF8.GetByteCount(parser.RawRecord) : length;
    }
}
