using OrleansClean.Cleaning.Csv;

namespace OrleansClean.Cleaning.Reading;

/// <summary>
/// Finds where a record and its fields end, in any dialect and by the record rule. Slower and more general than
/// <see cref="CsvReader"/>: for the sample that a dialect is detected in, for headers, and to frame records for CsvHelper.
/// </summary>
internal sealed class RecordScanner(DialectRules rules, Limits limits)
{
    private int[] _ends = new int[2 * 32];

    /// <summary>How many fields the last record has.</summary>
    public int FieldCount { get; private set; }

    /// <summary>Where field <paramref name="index"/> of the last record stands, quotes included, from the record's first byte.</summary>
    public Range Field(int index) => _ends[2 * index].._ends[(2 * index) + 1];

    /// <summary>
    /// Scans the record that <paramref name="data"/> begins with. A broken record is its first physical line; its fields
    /// are those up to the break.
    /// </summary>
    public ParsedRecord Scan(ReadOnlySpan<byte> data, bool isAtEnd)
    {
        FieldCount = 0;
        var at = 0;
        var lineEnds = 0;
        while (true)
        {
            var begin = at;
            if (rules.OpensQuote(data[at..]))
            {
                var end = SkipQuoted(data, at + rules.Quote.Length, isAtEnd, ref lineEnds);
                if (end == NotClosed)
                    return isAtEnd ? FirstLine(data, isAtEnd, ParsedKind.UnterminatedQuote) : NeedsMore;
                if (end == BeyondLimits)
                    return FirstLine(data, isAtEnd, ParsedKind.UnterminatedQuote);
                if (!isAtEnd && end + rules.Delimiter.Length > data.Length)
                    return NeedsMore;
                if (end < data.Length && !EndsField(data[end..]))
                    return FirstLine(data, isAtEnd, ParsedKind.TextAfterQuote);
                at = end;
            }
            else
            {
                at = SkipPlain(data, at, isAtEnd);
                if (at < 0)
                    return data.Length > limits.RecordBytesMax ? FirstLine(data, isAtEnd, ParsedKind.TooLong) : NeedsMore;
            }

            AddField(begin, at);
            if (at > limits.RecordBytesMax)
                return FirstLine(data, isAtEnd, lineEnds == 0 ? ParsedKind.TooLong : ParsedKind.UnterminatedQuote);
            if (at == data.Length || data[at] is (byte)'\n' or (byte)'\r')
            {
                return !isAtEnd && at + 1 >= data.Length
                    ? NeedsMore
                    : new(ParsedKind.Record, at, PhysicalLines.EndLength(data[at..]), HasStrayQuote: false);
            }

            at += rules.Delimiter.Length;
        }
    }

    private const int NotClosed = -1;
    private const int BeyondLimits = -2;

    private static ParsedRecord NeedsMore => new(ParsedKind.NeedsMore, 0, 0, HasStrayQuote: false);

    private void AddField(int begin, int end)
    {
        if (2 * FieldCount == _ends.Length)
            Array.Resize(ref _ends, _ends.Length * 2);
        _ends[2 * FieldCount] = begin;
        _ends[(2 * FieldCount) + 1] = end;
        FieldCount++;
    }

    private bool EndsField(ReadOnlySpan<byte> data) => data[0] is (byte)'\n' or (byte)'\r' || data.StartsWith(rules.Delimiter);

    /// <summary>Position of the delimiter or line end behind an unquoted field; -1 if it is not at hand.</summary>
    private int SkipPlain(ReadOnlySpan<byte> data, int at, bool isAtEnd)
    {
        while (true)
        {
            var length = data[at..].IndexOfAny(rules.FieldEnds);
            if (length < 0)
                return isAtEnd ? data.Length : -1;
            at += length;
            if (EndsField(data[at..]))
                return at;

            // The first byte of a longer delimiter: the rest may not be there yet.
            if (!isAtEnd && data.Length - at < rules.Delimiter.Length)
                return -1;
            at++;
        }
    }

    /// <summary>Position behind the closing quote of the field whose text begins at <paramref name="at"/>.</summary>
    private int SkipQuoted(ReadOnlySpan<byte> data, int at, bool isAtEnd, ref int lineEnds)
    {
        while (true)
        {
            var length = data[at..].IndexOfAny(rules.QuoteEnds);
            at = length < 0 ? data.Length : at + length;
            if (at > limits.RecordBytesMax)
                return BeyondLimits;
            if (at == data.Length || (!isAtEnd && data.Length - at <= 2 * LongestMark))
                return NotClosed;
            var rest = data[at..];
            if (rest[0] is (byte)'\n' or (byte)'\r')
            {
                if (++lineEnds >= limits.RecordLinesMax)
                    return BeyondLimits;
                at += PhysicalLines.EndLength(rest);
            }
            else if (rules.Escape.Length != 0 && rest.StartsWith(rules.Escape))
            {
                at += EscapedLength(rest);
            }
            else if (!rest.StartsWith(rules.Quote))
            {
                at++;
            }
            else if (rules.Escape.Length == 0 && rest[rules.Quote.Length..].StartsWith(rules.Quote))
            {
                at += 2 * rules.Quote.Length;
            }
            else
            {
                return at + rules.Quote.Length;
            }
        }
    }

    /// <summary>An escape belongs to the quote or escape behind it; before anything else it is text.</summary>
    private int EscapedLength(ReadOnlySpan<byte> rest)
    {
        var escaped = rest[rules.Escape.Length..];
        return rules.Escape.Length
            + (escaped.StartsWith(rules.Quote) ? rules.Quote.Length : escaped.StartsWith(rules.Escape) ? rules.Escape.Length : 0);
    }

    private int LongestMark => Math.Max(rules.Quote.Length, rules.Escape.Length);

    private ParsedRecord FirstLine(ReadOnlySpan<byte> data, bool isAtEnd, ParsedKind kind)
    {
        var length = data.IndexOfAny((byte)'\n', (byte)'\r');
        if (length < 0 && !isAtEnd && data.Length <= limits.RecordBytesMax)
            return NeedsMore;
        length = length < 0 ? data.Length : length;
        if (length > limits.RecordBytesMax)
            return new(ParsedKind.TooLong, 0, 0, HasStrayQuote: false);
        return !isAtEnd && length + 1 >= data.Length
            ? NeedsMore
            : new(kind, length, PhysicalLines.EndLength(data[length..]), HasStrayQuote: false);
    }
}
