namespace OrleansClean.Execution.Hosting;

/// <summary>Takes content into memory as long as it is short; all of a longer one goes to the stream that is opened then.</summary>
internal sealed class ShortStream(int bytesMax, Func<Stream> openLong) : Stream
{
    private readonly MemoryStream _short = new();
    private Stream? _long;

    /// <summary>The content; empty if it is long.</summary>
    public ReadOnlyMemory<byte> Content => _long is null ? _short.GetBuffer().AsMemory(0, (int)_short.Length) : default;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_long is null && _short.Length + buffer.Length > bytesMax)
        {
            var opened = openLong();
            opened.Write(Content.Span);
            _long = opened;
        }

        (_long ?? _short).Write(buffer);
    }

    public override void Flush() => _long?.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
