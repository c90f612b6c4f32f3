using System.Text;
using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Reading;

/// <summary>What stands before an input's first record.</summary>
internal sealed record Head
{
    /// <summary>The bytes: preamble, blank lines, header with its line end.</summary>
    public byte[] Bytes { get; init; } = [];

    /// <summary>The header's cells; null if there is no header.</summary>
    public string[]? Cells { get; init; }

    /// <summary>The header's physical line from one; 0 if there is none.</summary>
    public int HeaderLine { get; init; }

    /// <summary>Lines with a character above the header.</summary>
    public int PreambleLines { get; init; }

    /// <summary>Lines without one.</summary>
    public int BlankLines { get; init; }

    /// <summary>The physical line on which the first record begins.</summary>
    public int FirstLine { get; init; } = 1;
}

/// <summary>Reads the head of an input: passes over leading blank lines, has the dialect settled, and takes the header apart.</summary>
internal sealed class HeadReader(Stream decoded, ReadOptions options, Limits limits) : IDisposable
{
    private readonly HeadBuffer _buffer = new(decoded, limits);

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    /// <summary>Reads the head. The dialect is null for an input without any text; the sample is then all there is.</summary>
    public Head Read(out SampleDialect? dialect, out byte[] sample)
    {
        var (begin, linesBefore) = SkipLeadingLines();
        _buffer.Ensure((long)begin + InputLayers.SampleBytes);
        var length = Math.Min(InputLayers.SampleBytes, _buffer.Bytes.Length - begin);
        sample = _buffer.Bytes.Slice(begin, length).ToArray();
        dialect = null;
        if (length == 0)
        {
            sample = _buffer.Bytes.ToArray();
            return new Head();
        }

        var isWhole = _buffer.IsAtEnd && begin + length == _buffer.Bytes.Length;
        var pinned = options.HeaderLine is > 0 and var line ? line - linesBefore : options.HeaderLine;
        dialect = DialectDetector.Detect(sample, isWhole, options with { HeaderLine = pinned }, limits);
        if (options.HeaderLine == 0)
            return new Head();
        return ReadHeader(options.HeaderLine is { } headerLine ? FindLine(headerLine) : begin + dialect.Table.Records[dialect.Header].Start, dialect);
    }

    /// <summary>Blank lines, and with a pinned comment character comment lines: however many, they are no part of the sample.</summary>
    private (int Begin, int Lines) SkipLeadingLines()
    {
        var comment = Encoding.UTF8.GetBytes(options.Comment ?? "");
        var at = 0;
        var lines = 0;
        while (true)
        {
            _buffer.Ensure(at + 1L + comment.Length);
            var rest = _buffer.Bytes[at..];
            var isSkipped = !rest.IsEmpty
                && (rest[0] is (byte)'\n' or (byte)'\r' || (comment.Length != 0 && rest.StartsWith(comment)));
            if (!isSkipped)
                return (at, lines);
            at = _buffer.NextLine(at);
            lines++;
        }
    }

    /// <summary>Position of a physical line that the plan says is the header.</summary>
    private int FindLine(int line)
    {
        var at = 0;
        for (var i = 1; i < line; i++)
            at = _buffer.NextLine(at);
        _buffer.Ensure(at + 1L);
        return at < _buffer.Bytes.Length && _buffer.Bytes[at] is not ((byte)'\n' or (byte)'\r')
            ? at
            : throw new FileFailedException(
                ProblemCodes.BlankHeader,
                $"line {line} is blank or beyond the end, and read.header says that the header is there; name its line, or 0 for none")
            {
                Line = line,
            };
    }

    private Head ReadHeader(int at, SampleDialect dialect)
    {
        var (preamble, blank) = CountLines(at);
        var line = preamble + blank + 1;
        var scanner = new RecordScanner(dialect.Table.Rules, limits);
        var wanted = InputLayers.SampleBytes;
        ParsedRecord parsed;
        do
        {
            _buffer.Ensure((long)at + wanted);
            parsed = scanner.Scan(_buffer.Bytes[at..], _buffer.IsAtEnd);
            wanted *= 2;
        }
        while (parsed.Kind == ParsedKind.NeedsMore);

        if (scanner.FieldCount > limits.ColumnsMax)
            throw Failed(ProblemCodes.TooManyColumns, line, $"it has more than {Digits.Grouped(limits.ColumnsMax)} columns; check the delimiter");
        if (parsed.Kind == ParsedKind.TooLong)
            throw Failed(ProblemCodes.LineTooLong, line, $"it is longer than {Digits.Grouped(limits.RecordBytesMax)} bytes; check the delimiter and line ends");
        if (parsed.Kind != ParsedKind.Record)
        {
            var problem = RecordProblems.OfQuotes(parsed.Kind);
            throw Failed(problem.Code, line, $"its quotes are broken, expected {problem.Expected}; mend it, or pin read.quote or read.header");
        }

        var header = _buffer.Bytes.Slice(at, parsed.Length);
        if (RecordProblems.OfBytes(header) is { } bytes)
            throw Failed(bytes.Code, line, bytes.Message);
        var cells = new string[scanner.FieldCount];
        for (var i = 0; i < cells.Length; i++)
            cells[i] = Encoding.UTF8.GetString(FieldText.Unquote(header[scanner.Field(i)], dialect.Table.Rules));
        return new Head
        {
            Bytes = _buffer.Bytes[..(at + parsed.Length + parsed.LineEndLength)].ToArray(),
            Cells = cells,
            HeaderLine = line,
            PreambleLines = preamble,
            BlankLines = blank,
            FirstLine = line + PhysicalLines.Count(header) + (parsed.LineEndLength == 0 ? 0 : 1),
        };
    }

    private (int Preamble, int Blank) CountLines(int end)
    {
        var (preamble, blank) = (0, 0);
        for (var at = 0; at < end; at = _buffer.NextLine(at))
        {
            if (_buffer.Bytes[at] is (byte)'\n' or (byte)'\r')
                blank++;
            else
                preamble++;
        }

        return (preamble, blank);
    }

    private static FileFailedException Failed(string code, int line, string message) =>
        new(code, $"the header at line {line} cannot be read: {message}") { Line = line };
}
