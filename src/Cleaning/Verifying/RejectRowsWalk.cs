using System.Text;
using System.Text.Json;
using OrleansClean.Cleaning.Reading;

namespace OrleansClean.Cleaning.Verifying;

/// <summary>
/// Walks through a file of rejected rows by the lengths that the reject records give. Broken rows cannot be counted as
/// CSV, but they can be recognised: each must begin as its record says, be as long, and be followed by a line end.
/// </summary>
internal sealed class RejectRowsWalk
{
    /// <summary>Rows that must match before a place is taken for the end of the head.</summary>
    private const int RowsTried = 64;

    /// <summary>Bytes in which the head must end and these rows are looked for.</summary>
    private const int WindowBytes = 8 << 20;

    private readonly Stream _text;
    private readonly DetectedDialect _dialect;
    private byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    private RejectRowsWalk(Stream text, DetectedDialect dialect) => (_text, _dialect) = (text, dialect);

    public static RejectRowsRecount Run(Stream rows, Stream jsonl, DetectedDialect dialect, string? digest, CancellationToken cancellationToken)
    {
        using var hashed = new HashedStream(rows, digest);
        (long Rows, string? Fault) walked;
        try
        {
            var isUtf8 = dialect.Encoding == "utf-8";
            using var text = isUtf8 ? null : Encoding.CreateTranscodingStream(hashed, OtherEncodings.Get(dialect.Encoding), Recounter.Strict, leaveOpen: true);
            var walk = new RejectRowsWalk(text ?? hashed, dialect);
            using var expected = RejectLine.Read(jsonl).Where(line => !line.IsLeftOut).GetEnumerator();
            walked = walk.Run(expected, cancellationToken);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or DecoderFallbackException)
        {
            walked = (0, $"it cannot be compared: {e.Message}");
        }

        var sha256 = hashed.Finish();
        return new RejectRowsRecount(walked.Rows, hashed.Count, sha256, walked.Fault);
    }

    private ReadOnlySpan<byte> Rest => _buffer.AsSpan(_start, _end - _start);

    private (long Rows, string? Fault) Run(IEnumerator<RejectLine> expected, CancellationToken cancellationToken)
    {
        var first = new List<RejectLine>();
        while (first.Count < RowsTried && expected.MoveNext())
            first.Add(expected.Current);
        if (first.Count == 0)
            return (0, Have(1) ? "it holds something, and no reject record speaks of a row in it" : null);
        if (!PassHead(first))
            return (0, $"the row of record {first[0].Record} is not there as its reject record says");
        var rows = 0L;
        var next = 0;
        while (next < first.Count || expected.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var line = next < first.Count ? first[next++] : expected.Current;
            Have(line.ByteLength + 2);
            if (Match(Rest, line) is not { } length)
                return (rows, $"the row of record {line.Record} is not there as its reject record says");
            _start += length;
            rows++;
        }

        return (rows, Have(1) ? "something follows the last row" : null);
    }

    /// <summary>
    /// Moves behind the head as the dialect tells it. Where this reader cannot tell a head, it moves to the first line from which on
    /// the first rows stand one behind the other. If these are all rows and all of the file is at hand, a place where they end with the
    /// file is better than an earlier one: a line of the head may be equal to a rejected row.
    /// </summary>
    private bool PassHead(List<RejectLine> first)
    {
        Have(WindowBytes);
        var isMarked = Rest.StartsWith(Encoding.UTF8.Preamble);
        if (StandBehindHead(first, 0) || (isMarked && StandBehindHead(first, 3)))
            return true;
        _start += isMarked ? 3 : 0;
        var start = _start;
        if (first.Count < RowsTried && _isAtEnd && FindPlace(first, mustEndHere: true))
            return true;
        _start = start;
        return FindPlace(first, mustEndHere: false);
    }

    /// <summary>Moves behind a head that begins here, or behind a byte order mark, if the first rows stand there.</summary>
    private bool StandBehindHead(List<RejectLine> first, int mark)
    {
        var start = _start;
        _start += mark + RejectHead.LengthIn(new ArraySegment<byte>(_buffer, _start + mark, _end - _start - mark), _dialect);
        if (StandHere(first, mustEndHere: first.Count < RowsTried && _isAtEnd))
            return true;
        _start = start;
        return false;
    }

    private bool FindPlace(List<RejectLine> first, bool mustEndHere)
    {
        while (!StandHere(first, mustEndHere))
        {
            var end = Rest.IndexOfAny((byte)'\n', (byte)'\r');
            if (end < 0)
                return false;
            _start += end + LineEnd(Rest[end..]);
        }

        return true;
    }

    private bool StandHere(List<RejectLine> first, bool mustEndHere)
    {
        var rest = Rest;
        foreach (var line in first)
        {
            if (!_isAtEnd && line.ByteLength + 2 > rest.Length)
                return true;
            if (Match(rest, line) is not { } length)
                return false;
            rest = rest[length..];
        }

        return !mustEndHere || rest.IsEmpty;
    }

    /// <summary>Length of the row and its line end, if they begin <paramref name="bytes"/>.</summary>
    private static int? Match(ReadOnlySpan<byte> bytes, RejectLine line)
    {
        if (line.ByteLength > bytes.Length || !bytes[..(int)line.ByteLength].StartsWith(line.Beginning))
            return null;
        var end = LineEnd(bytes[(int)line.ByteLength..]);
        return end == 0 ? null : (int)line.ByteLength + end;
    }

    private static int LineEnd(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("\r\n"u8) ? 2 : bytes.Length > 0 && bytes[0] is (byte)'\n' or (byte)'\r' ? 1 : 0;

    /// <summary>Reads on until so many bytes are at hand, at most a window's; false if there are fewer.</summary>
    private bool Have(long count)
    {
        var wanted = (int)Math.Min(count, WindowBytes);
        if (_end - _start >= wanted || _isAtEnd)
            return _end - _start >= count;
        var bytes = _buffer.Length >= wanted ? _buffer : new byte[wanted];
        Rest.CopyTo(bytes);
        (_buffer, _end, _start) = (bytes, _end - _start, 0);
        while (_end < wanted && !_isAtEnd)
        {
            var got = _text.Read(_buffer, _end, _buffer.Length - _end);
            _end += got;
            _isAtEnd = got == 0;
        }

        return _end >= count;
    }
}
