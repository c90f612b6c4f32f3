namespace OrleansClean.Storage.Faults;

/// <summary>A body whose connection breaks after its first read: the rest never comes, and the reader is told.</summary>
internal sealed class ShortStream(Stream content, string reason) : Stream
{
    private const int BytesMax = 7;

    private bool _isBroken;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_isBroken)
        {
            throw new StorageException(StorageFault.Other, reason);
        }

        _isBroken = true;
        return content.Read(buffer, offset, Math.Min(count, BytesMax)) is var read and > 0 ? read : throw new StorageException(StorageFault.Other, reason);
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
            content.Dispose();
        }

        base.Dispose(disposing);
    }
}
