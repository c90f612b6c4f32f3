using System.Runtime.InteropServices;
using OrleansClean.Cleaning.Csv;

namespace OrleansClean.Cleaning.Reading;

/// <summary>A record of the sample.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="Length">Its length without the line end.</param>
/// <param name="Line">Its first physical line from one.</param>
/// <param name="Fields">How many fields it has.</param>
/// <param name="IsBroken">True if its quotes are broken.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SampleRecord(int Start, int Length, int Line, int Fields, bool IsBroken);

/// <summary>The sample as one dialect reads it. Blank lines and the plan's comment lines are left out.</summary>
internal sealed class SampleTable
{
    private readonly byte[] _sample;
    private readonly RecordScanner _scanner;
    private long _shape;
    private long _cells;

    /// <summary>Reads <paramref name="sample"/>; if it is not the <paramref name="isWhole"/> input, an unfinished last record is left out.</summary>
    public SampleTable(byte[] sample, bool isWhole, DialectRules rules, Limits limits)
    {
        _sample = sample;
        _scanner = new RecordScanner(rules, limits);
        Rules = rules;
        Records = [];
        var line = 1;
        var at = 0;
        while (at < sample.Length)
        {
            var rest = sample.AsSpan(at);
            var parsed = _scanner.Scan(rest, isWhole);

            // What is unfinished for a good part of the sample is a quote that nobody closed: it is broken, not long.
            if (parsed.Kind == ParsedKind.NeedsMore && (Records.Count == 0 || rest.Length > sample.Length / 4))
                parsed = _scanner.Scan(rest, isAtEnd: true);
            if (parsed.Kind is ParsedKind.NeedsMore or ParsedKind.TooLong)
                break;
            if (parsed.Length > 0 && !rules.BeginsComment(rest))
                Add(at, parsed, line);
            line += PhysicalLines.Count(rest[..(parsed.Length + parsed.LineEndLength)]);
            at += parsed.Length + parsed.LineEndLength;
        }

        BytesRead = at;
    }

    private SampleTable(SampleTable other, List<SampleRecord> records)
    {
        _sample = other._sample;
        _scanner = other._scanner;
        (_shape, _cells) = (other._shape, other._cells);
        Rules = other.Rules;
        Records = records;
        BytesRead = other.BytesRead;
    }

    /// <summary>The dialect.</summary>
    public DialectRules Rules { get; }

    /// <summary>The records, in order.</summary>
    public List<SampleRecord> Records { get; }

    /// <summary>Bytes of the sample that the records cover.</summary>
    public int BytesRead { get; }

    /// <summary>Cells in quotes.</summary>
    public int QuotedCells { get; private set; }

    /// <summary>Cells that are not in this dialect's quotes but begin with <c>"</c>, as if that were the quote.</summary>
    public int DoubleQuoted { get; private set; }

    /// <summary>Cells not in quotes that are no numbers.</summary>
    public int PlainTexts { get; private set; }

    /// <summary>Records with broken quotes.</summary>
    public int Broken { get; private set; }

    /// <summary>How much the cells look like cells, 0 to 1.</summary>
    public double Shape => _cells == 0 ? 1 : (double)_shape / (CellShape.Clear * _cells);

    /// <summary>The first bytes of a record.</summary>
    public ReadOnlySpan<byte> Bytes(int index) => BytesOf(Records[index]);

    /// <summary>The cells of a record, quotes taken off.</summary>
    public byte[][] Cells(int index)
    {
        var bytes = Bytes(index);
        _scanner.Scan(bytes, isAtEnd: true);
        var cells = new byte[_scanner.FieldCount][];
        for (var i = 0; i < cells.Length; i++)
            cells[i] = FieldText.Unquote(bytes[_scanner.Field(i)], Rules).ToArray();
        return cells;
    }

    /// <summary>The same table as if no quote were broken: a broken record has the fields that the delimiters in its line set off.</summary>
    public SampleTable Lenient() => new(
        this,
        [.. Records.Select(record => record with { IsBroken = false, Fields = record.IsBroken ? 1 + BytesOf(record).Count(Rules.Delimiter) : record.Fields })]);

    private ReadOnlySpan<byte> BytesOf(SampleRecord record) => _sample.AsSpan(record.Start, record.Length);

    private void Add(int at, ParsedRecord parsed, int line)
    {
        var isBroken = parsed.Kind != ParsedKind.Record;
        Records.Add(new SampleRecord(at, parsed.Length, line, _scanner.FieldCount, isBroken));
        if (isBroken)
        {
            Broken++;
            return;
        }

        var bytes = _sample.AsSpan(at, parsed.Length);
        for (var i = 0; i < _scanner.FieldCount; i++)
        {
            var cell = bytes[_scanner.Field(i)];
            var isQuoted = Rules.OpensQuote(cell);
            QuotedCells += isQuoted ? 1 : 0;
            DoubleQuoted += !isQuoted && cell.StartsWith("\""u8) ? 1 : 0;
            PlainTexts += !isQuoted && !cell.IsEmpty && !CellShape.IsNumberLike(cell) ? 1 : 0;
            _shape += isQuoted ? CellShape.Clear : CellShape.Of(cell);
            _cells++;
        }
    }
}
