using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// Tells when an input was read to its end: then the store has vouched for all of it, and nobody need look again. A body that is shorter or longer than
/// the content that was listed is not that content, whatever the store says.
/// </summary>
internal sealed class EndSeeing(Stream inner, string name, long bytes, Action onEnd) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        var isEnd = read == 0 && buffer.Length > 0;
        _read += read;
        if (_read > bytes || (isEnd && _read < bytes))
        {
            throw new StorageException(StorageFault.Changed, $"{name} changed while it was read. Run the same command again when nobody writes to it.");
        }

        if (isEnd)
        {
            onEnd();
        }

        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
