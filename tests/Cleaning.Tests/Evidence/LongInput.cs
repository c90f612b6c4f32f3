namespace OrleansClean.Cleaning.Tests.Evidence;

/// <summary>A long input that is nowhere: a beginning, then the same bytes again and again, then an end.</summary>
internal sealed class LongInput(byte[] head, byte[] body, long repeats, byte[] tail) : Stream
{
    private long _position;

    public override long Length => head.Length + (body.Length * repeats) + tail.Length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var filled = 0;
        while (filled < buffer.Length && Rest() is { IsEmpty: false } rest)
        {
            var part = rest[..Math.Min(rest.Length, buffer.Length - filled)];
            part.CopyTo(buffer[filled..]);
            filled += part.Length;
            _position += part.Length;
        }

        return filled;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private ReadOnlySpan<byte> Rest()
    {
        var inBody = _position - head.Length;
        var inTail = inBody - (body.Length * repeats);
        return inBody < 0 ? head.AsSpan((int)_position)
            : inTail < 0 ? body.AsSpan((int)(inBody % body.Length))
            : tail.AsSpan((int)inTail);
    }
}
