using System.Buffers;

namespace OrleansClean.Execution.Mapping.Lines;

/// <summary>
/// Cuts a stream into lines: each is one input, an empty one too; what ends the last line is no further input. It gives what is there and does not
/// wait for a chunk to be full, so that a slow source is worked on as it comes.
/// </summary>
internal sealed class LineReader(Stream stream, long firstIndex = 0)
{
    /// <summary>Bytes of one input.</summary>
    public const int InputBytesMax = 16 << 20;

    /// <summary>Bytes of a chunk's inputs, unless a single one has more.</summary>
    public const int ChunkBytesMax = 256 << 10;

    /// <summary>What is said of a line that is longer than <see cref="InputBytesMax"/>.</summary>
    public const string TooLongText = "The line is longer than 16 MiB. Give the function a file's name instead of its content.";

    private const int CutBytes = 256;
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly byte[] _block = new byte[ChunkBytesMax];
    private ArrayBufferWriter<byte> _partial = new();
    private int _start;
    private int _end;
    private long _index = firstIndex;
    private bool _isCut;
    private bool _isAtEnd;

    // Only the beginning of all inputs may begin with a mark.
    private bool _isBegun = firstIndex > 0;

    /// <summary>Fills <paramref name="chunk"/> with at least one and at most <paramref name="countMax"/> lines. False at the end.</summary>
    public bool TryRead(LineChunk chunk, int countMax)
    {
        chunk.Begin(_index);
        while (chunk.Count < countMax && chunk.Bytes < ChunkBytesMax)
        {
            if (_start == _end && (chunk.Count > 0 || !TryFill()))
            {
                break;
            }

            TakeLine(chunk);
        }

        if (chunk.Count == 0 && _partial.WrittenCount > 0)
        {
            EndLine(chunk, []);
        }

        _index += chunk.Count;
        return chunk.Count > 0;
    }

    private bool TryFill()
    {
        if (_isAtEnd)
        {
            return false;
        }

        (_start, _end) = (0, stream.Read(_block));
        _isAtEnd = _end == 0;
        if (!_isBegun && _end > 0)
        {
            // A mark could come in pieces; then it stays, and a reader that sends three bytes in two pieces is not met outside of tests.
            _isBegun = true;
            _start = _block.AsSpan(0, _end).StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        }

        return !_isAtEnd;
    }

    private void TakeLine(LineChunk chunk)
    {
        var block = _block.AsSpan(_start, _end - _start);
        var length = block.IndexOf((byte)'\n');
        if (length >= 0)
        {
            _start += length + 1;
            EndLine(chunk, block[..length]);
            return;
        }

        _start = _end;
        Keep(block);
    }

    private void EndLine(LineChunk chunk, ReadOnlySpan<byte> rest)
    {
        if (_partial.WrittenCount == 0 && !_isCut)
        {
            chunk.Add(WithoutReturn(rest), isCut: false);
            return;
        }

        Keep(rest);
        chunk.Add(_isCut ? _partial.WrittenSpan : WithoutReturn(_partial.WrittenSpan), _isCut);
        _isCut = false;
        _partial.ResetWrittenCount();
        if (_partial.Capacity > 1 << 20)
        {
            _partial = new ArrayBufferWriter<byte>();
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_isCut)
        {
            return;
        }

        if (_partial.WrittenCount + bytes.Length <= InputBytesMax)
        {
            _partial.Write(bytes);
            return;
        }

        // A block is smaller than the limit, so the beginning is in what was kept.
        var beginning = _partial.WrittenSpan[..CutBytes].ToArray();
        _partial = new ArrayBufferWriter<byte>();
        _partial.Write(beginning);
        _isCut = true;
    }

    private static ReadOnlySpan<byte> WithoutReturn(ReadOnlySpan<byte> line) => line is [.., (byte)'\r'] ? line[..^1] : line;
}
