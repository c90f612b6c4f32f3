using System.Runtime.InteropServices;

namespace OrleansClean.Cleaning.Csv;

/// <summary>How a record read byte by byte ended.</summary>
internal enum ParsedKind
{
    /// <summary>A whole record.</summary>
    Record,

    /// <summary>The record goes on behind the bytes at hand.</summary>
    NeedsMore,

    /// <summary>A quoted field is followed by text: only the first physical line is meant.</summary>
    TextAfterQuote,

    /// <summary>A quoted field does not end within the limits: only the first physical line is meant.</summary>
    UnterminatedQuote,

    /// <summary>The first physical line alone is longer than a record may be.</summary>
    TooLong,
}

/// <summary>A record, or the first physical line of a broken one.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ParsedRecord(ParsedKind Kind, int Length, int LineEndLength, bool HasStrayQuote);

/// <summary>
/// Reads one record byte by byte. A quote opens a field only as its first character; anywhere else it is text. The record
/// rule: when quotes are broken, the first physical line is the record, and reading resumes behind it.
/// </summary>
internal static class RecordParser
{
    /// <summary>Parses the record at <paramref name="start"/> of <paramref name="data"/>; its bounds are appended to <paramref name="index"/>.</summary>
    public static ParsedRecord Parse(
        ReadOnlySpan<byte> data,
        int start,
        byte delimiter,
        bool isAtEnd,
        Limits limits,
        SeparatorIndex index)
    {
        var at = start;
        var hasStrayQuote = false;
        var lineEnds = 0;
        while (true)
        {
            if (at < data.Length && data[at] == '"')
            {
                var closed = SkipQuoted(data, at + 1, start, limits, ref lineEnds);
                if (closed < 0)
                {
                    var isOver = isAtEnd || closed == BeyondLimits;
                    return isOver ? FirstLine(data, start, isAtEnd, limits, ParsedKind.UnterminatedQuote) : NeedsMore;
                }

                if (closed == data.Length && !isAtEnd)
                {
                    return NeedsMore;
                }

                if (closed < data.Length && !IsSeparator(data[closed], delimiter))
                {
                    return FirstLine(data, start, isAtEnd, limits, ParsedKind.TextAfterQuote);
                }

                at = closed;
            }
            else
            {
                var length = data[at..].IndexOfAny(delimiter, (byte)'\n', (byte)'\r');
                if (length < 0 && !isAtEnd)
                {
                    return data.Length - start > limits.RecordBytesMax
                        ? FirstLine(data, start, isAtEnd, limits, ParsedKind.TooLong)
                        : NeedsMore;
                }

                var end = length < 0 ? data.Length : at + length;
                hasStrayQuote |= data[at..end].Contains((byte)'"');
                at = end;
            }

            if (at - start > limits.RecordBytesMax)
            {
                return FirstLine(data, start, isAtEnd, limits, lineEnds == 0 ? ParsedKind.TooLong : ParsedKind.UnterminatedQuote);
            }

            if (at == data.Length || data[at] != delimiter)
            {
                return EndRecord(data, start, at, isAtEnd, hasStrayQuote, index);
            }

            index.Reserve(1);
            index.Bounds[index.BoundCount++] = at++;
        }
    }

    private const int NotClosed = -1;
    private const int BeyondLimits = -2;

    private static ParsedRecord NeedsMore => new(ParsedKind.NeedsMore, 0, 0, false);

    private static ParsedRecord EndRecord(
        ReadOnlySpan<byte> data, int start, int end, bool isAtEnd, bool hasStrayQuote, SeparatorIndex index)
    {
        if (!isAtEnd && end + 1 >= data.Length)
        {
            return NeedsMore;
        }

        index.Reserve(1);
        index.Bounds[index.BoundCount++] = end;
        return new(ParsedKind.Record, end - start, PhysicalLines.EndLength(data[end..]), hasStrayQuote);
    }

    /// <summary>Position behind the closing quote of the field whose text begins at <paramref name="at"/>.</summary>
    private static int SkipQuoted(ReadOnlySpan<byte> data, int at, int start, Limits limits, ref int lineEnds)
    {
        while (true)
        {
            var length = data[at..].IndexOf((byte)'"');
            var text = length < 0 ? data[at..] : data.Slice(at, length);
            lineEnds += PhysicalLines.Count(text);
            at += text.Length;
            if (lineEnds >= limits.RecordLinesMax || at - start > limits.RecordBytesMax)
            {
                return BeyondLimits;
            }

            if (length < 0)
            {
                return NotClosed;
            }

            at++;
            if (at == data.Length || data[at] != '"')
            {
                return at;
            }

            at++;
        }
    }

    /// <summary>The first physical line from <paramref name="start"/> on, as a broken record.</summary>
    private static ParsedRecord FirstLine(ReadOnlySpan<byte> data, int start, bool isAtEnd, Limits limits, ParsedKind kind)
    {
        var length = data[start..].IndexOfAny((byte)'\n', (byte)'\r');
        if (length < 0 && !isAtEnd && data.Length - start <= limits.RecordBytesMax)
        {
            return NeedsMore;
        }

        length = length < 0 ? data.Length - start : length;
        if (length > limits.RecordBytesMax)
        {
            return new(ParsedKind.TooLong, 0, 0, false);
        }

        return !isAtEnd && start + length + 1 >= data.Length
            ? NeedsMore
            : new(kind, length, PhysicalLines.EndLength(data[(start + length)..]), false);
    }

    private static bool IsSeparator(byte c, byte delimiter) => c == delimiter || c is (byte)'\n' or (byte)'\r';
}
