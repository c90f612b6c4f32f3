using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using OrleansClean.Cleaning.Reading;

namespace OrleansClean.Cleaning.Csv;

/// <summary>
/// The reader for every dialect that <see cref="CsvReader"/> does not read: delimiters of several characters, other
/// quotes or none, escapes, comments. The record rule, places and limits are the house's own, by
/// <see cref="RecordScanner"/>; each sound record is then taken apart by CsvHelper. (CsvHelper alone cannot go back to the
/// line behind a broken quote, takes an open quote at the end for a closed one, and drops a lone backslash.)
/// </summary>
internal sealed class CsvHelperReader : IRecordReader
{
    private readonly Stream _input;
    private readonly DialectRules _rules;
    private readonly RecordScanner _scanner;
    private readonly bool _skipBlankLines;
    private readonly Limits _limits;
    private readonly RecordText _text = new();
    private readonly CsvParser _fields;

    private byte[] _buffer;
    private byte[] _decoded = new byte[256];
    private int[] _bounds = new int[33];
    private long _bufferOffset;
    private int _start;
    private int _end;
    private bool _isAtEnd;
    private long _line;
    private long _number;
    private int _broken;

    /// <summary>Reads from <paramref name="input"/>, whose first byte begins a record, as <see cref="CsvReader"/> does.</summary>
    public CsvHelperReader(
        Stream input,
        DetectedDialect dialect,
        bool skipBlankLines,
        Limits limits,
        long firstLine = 1,
        long byteOffset = 0,
        ReaderTuning? tuning = null)
    {
        _input = input;
        _rules = new DialectRules(dialect.Delimiter, dialect.Quote, dialect.Escape, dialect.Comment);
        _scanner = new RecordScanner(_rules, limits);
        _skipBlankLines = skipBlankLines;
        _limits = limits;
        _line = firstLine;
        _bufferOffset = byteOffset;
        _buffer = new byte[Math.Max(16, (tuning ?? ReaderTuning.Current).BufferBytes)];
        _fields = new CsvParser(_text, Configure(dialect));
    }

    /// <inheritdoc/>
    public Problem? Problem { get; private set; }

    /// <inheritdoc/>
    public long BlankLines { get; private set; }

    /// <inheritdoc/>
    public long BytesRead => _bufferOffset + _start;

    /// <inheritdoc/>
    public void Dispose()
    {
        _fields.Dispose();
        _input.Dispose();
    }

    /// <inheritdoc/>
    public ReadResult Read(Record record)
    {
        while (true)
        {
            // The input may end behind a comment's first character: what is there then is all there is.
            Have(Math.Max(2, _rules.Comment.Length));
            var isComment = _rules.BeginsComment(Rest);
            if (Rest.IsEmpty)
                return ReadResult.End;
            if (!isComment && (!_skipBlankLines || PhysicalLines.EndLength(Rest) == 0))
                break;

            // Comments count with the blank lines: both are lines of the file that hold no record.
            SkipLine();
            BlankLines++;
        }

        var parsed = Scan();
        Place(record, parsed);
        switch (parsed.Kind)
        {
            case ParsedKind.Record:
                Problem = RecordProblems.OfBytes(record.Raw);
                if (Problem is null)
                    Split(record);
                break;
            case ParsedKind.TooLong:
                KeepBeginning(record);
                break;
            default:
                Problem = RecordProblems.OfQuotes(parsed.Kind);
                if (++_broken > _limits.BrokenRecordsMax)
                    throw RecordProblems.Malformed(Problem.Code, record.Line, _limits.BrokenRecordsMax);
                break;
        }

        if (parsed.Kind != ParsedKind.TooLong)
        {
            _start += parsed.Length + parsed.LineEndLength;
            _line = record.LineEnd + (parsed.LineEndLength == 0 ? 0 : 1);
        }

        return Problem is null ? ReadResult.Record : ReadResult.Broken;
    }

    private ReadOnlySpan<byte> Rest => _buffer.AsSpan(_start, _end - _start);

    private static CsvConfiguration Configure(DetectedDialect dialect) => new(CultureInfo.InvariantCulture)
    {
        Mode = dialect.Quote.Length == 0 ? CsvMode.NoEscape : CsvMode.RFC4180,
        Delimiter = dialect.Delimiter,
        Quote = dialect.Quote.Length == 0 ? '"' : dialect.Quote[0],
        Escape = dialect.Quote.Length == 0 ? '"' : dialect.Quote[0],
        BadDataFound = null,
        IgnoreBlankLines = false,
        HasHeaderRecord = false,
    };

    private ParsedRecord Scan()
    {
        for (var wanted = 4096; ; wanted *= 2)
        {
            var parsed = _scanner.Scan(Rest, _isAtEnd);
            if (parsed.Kind != ParsedKind.NeedsMore)
                return parsed;

            // Twice as much before the next try: a record costs at most twice its length.
            Have(Math.Max(wanted, Rest.Length + 1));
        }
    }

    private void Place(Record record, ParsedRecord parsed)
    {
        record.Number = ++_number;
        record.Line = _line;
        record.LineEnd = _line + (parsed.Kind == ParsedKind.Record ? PhysicalLines.Count(Rest[..parsed.Length]) : 0);
        record.ByteOffset = _bufferOffset + _start;
        record.RawBuffer = _buffer;
        record.RawStart = _start;
        record.RawLength = parsed.Length;
        record.ByteLength = parsed.Length;
        record.LineEndLength = parsed.LineEndLength;
        record.IsTruncated = false;
        record.IsDecoded = true;
        record.HasStrayQuote = false;
        record.FieldCount = 0;
    }

    /// <summary>Has CsvHelper take the record apart, and lays its fields side by side, a filler between each two.</summary>
    private void Split(Record record)
    {
        _text.Set(record.Raw, _rules, _scanner);
        _fields.Read();
        var count = _fields.Count;
        if (_bounds.Length <= count)
            _bounds = new int[count * 2];
        var at = 0;
        _bounds[0] = -1;
        for (var i = 0; i < count; i++)
        {
            var field = _fields[i];
            var room = at + Encoding.UTF8.GetMaxByteCount(field.Length) + 1;
            if (_decoded.Length < room)
                Array.Resize(ref _decoded, room * 2);
            at += Encoding.UTF8.GetBytes(field, _decoded.AsSpan(at));
            _bounds[i + 1] = at++;
        }

        record.Buffer = _decoded;
        record.Bounds = _bounds;
        record.First = 0;
        record.FieldCount = count;
    }

    /// <summary>Keeps the beginning of a line that is too long, and passes over the rest in the memory of one buffer.</summary>
    private void KeepBeginning(Record record)
    {
        var head = Rest[..Math.Min(Rest.Length, _limits.RecordBytesMax)].ToArray();
        var lengths = new FieldLengths(_rules.Delimiter[0]);
        record.LineEndLength = SkipLine(lengths);
        record.RawBuffer = head;
        record.RawStart = 0;
        record.RawLength = head.Length;
        record.ByteLength = _bufferOffset + _start - record.LineEndLength - record.ByteOffset;
        record.IsTruncated = true;
        Problem = RecordProblems.OfLength(lengths.Longest, _limits);
    }

    /// <summary>Moves to the next physical line; the length of the line end passed.</summary>
    private int SkipLine(FieldLengths? lengths = null)
    {
        while (true)
        {
            var length = Rest.IndexOfAny((byte)'\n', (byte)'\r');
            lengths?.Add(length < 0 ? Rest : Rest[..length]);
            _start = length < 0 ? _end : _start + length;
            if (length < 0 && Have(1))
                continue;
            Have(2);
            var end = PhysicalLines.EndLength(Rest);
            _start += end;
            _line += end == 0 ? 0 : 1;
            return end;
        }
    }

    /// <summary>Reads on until <paramref name="count"/> bytes are at hand; false if the input ends before.</summary>
    private bool Have(int count)
    {
        while (_end - _start < count && !_isAtEnd)
        {
            if (_start > 0)
            {
                Rest.CopyTo(_buffer);
                _bufferOffset += _start;
                _end -= _start;
                _start = 0;
            }

            if (_buffer.Length < count || _end == _buffer.Length)
                Array.Resize(ref _buffer, Math.Max(count, _buffer.Length * 2));
            var got = _input.Read(_buffer.AsSpan(_end));
            _isAtEnd = got == 0;
            _end += got;
        }

        return _end - _start >= count;
    }
}
