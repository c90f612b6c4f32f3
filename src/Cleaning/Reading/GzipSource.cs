namespace OrleansClean.Cleaning.Reading;

/// <summary>
/// The compressed side of a gzip: hands the inflater blocks of bytes, remembers the last block, and goes on reading at
/// any place of it. The inflater reads ahead and does not say how far it got; so the end of its data is found here.
/// </summary>
internal sealed class GzipSource(Stream source) : ForwardStream(source)
{
    private readonly byte[] _buffer = new byte[BlockBytes + TrailerBytes];
    private int _start;
    private int _end;
    private int _blockStart;

    /// <summary>Bytes that a gzip member ends with: its CRC-32 and its length.</summary>
    public const int TrailerBytes = 8;

    private const int BlockBytes = 8192;

    /// <summary>Compressed bytes handed out so far.</summary>
    public long BytesTaken { get; private set; }

    /// <summary>True once the inflater asked for more than there is.</summary>
    public bool EndWasAsked { get; private set; }

    /// <summary>Hand out single bytes: then the place where the inflater stops is known exactly.</summary>
    public bool OneByOne { get; set; }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_start == _end && !Fill())
        {
            EndWasAsked = true;
            return 0;
        }

        var count = Math.Min(OneByOne ? 1 : _end - _start, buffer.Length);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _blockStart = _start;
        _start += count;
        BytesTaken += count;
        return count;
    }

    /// <summary>The next byte, or -1 at the end.</summary>
    public int NextByte()
    {
        if (_start == _end && !Fill())
            return -1;
        BytesTaken++;
        return _buffer[_start++];
    }

    /// <summary>The next byte, which stays the next one, or -1 at the end.</summary>
    public int PeekByte() => _start == _end && !Fill() ? -1 : _buffer[_start];

    /// <summary>
    /// Goes on behind the first place in the last block handed out that holds <paramref name="trailer"/>. The inflater
    /// has stopped somewhere in that block, so the trailer begins behind its first byte at the earliest.
    /// </summary>
    public bool TryPassTrailer(ReadOnlySpan<byte> trailer)
    {
        // Room for a trailer that begins at the block's end: the block moves to the front, the bytes behind it follow.
        var block = _start - _blockStart;
        _buffer.AsSpan(_blockStart, _end - _blockStart).CopyTo(_buffer);
        (_start, _end, _blockStart) = (block, _end - _blockStart, 0);
        var wanted = Math.Min(block + TrailerBytes, _buffer.Length) - _end;
        if (wanted > 0)
            _end += Source.ReadAtLeast(_buffer.AsSpan(_end, wanted), wanted, throwOnEndOfStream: false);
        var found = _buffer.AsSpan(1, _end - 1).IndexOf(trailer);
        if (found < 0 || found + 1 > block)
            return false;
        var next = 1 + found + TrailerBytes;
        BytesTaken += next - _start;
        _start = next;
        return true;
    }

    private bool Fill()
    {
        _start = _blockStart = 0;
        _end = Source.Read(_buffer.AsSpan(0, BlockBytes));
        return _end > 0;
    }
}
