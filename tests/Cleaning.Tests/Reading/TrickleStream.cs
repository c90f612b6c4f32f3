namespace OrleansClean.Cleaning.Tests.Reading;

/// <summary>A stream that can only be read forward and gives at most a few bytes at a time, as networks do.</summary>
internal sealed class TrickleStream(byte[] content, int bytesAtOnce = 1) : MemoryStream(content, writable: false)
{
    public override bool CanSeek => false;

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, bytesAtOnce)]);

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, bytesAtOnce));

    public override long Seek(long offset, SeekOrigin loc) => throw new NotSupportedException();
}
