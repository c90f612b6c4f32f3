namespace OrleansClean.Storage.Folders;

/// <summary>
/// Reads one content of a file, or a part of it. When the end is reached, the file must still be the one that was opened.
/// </summary>
internal sealed class PinnedStream(FileStream file, string path, ETag etag, long end) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = file.Read(buffer[..(int)Math.Clamp(end - file.Position, 0, buffer.Length)]);
        }
        catch (Exception e) when (FolderErrors.Knows(e))
        {
            throw FolderErrors.Of(e, path, "read");
        }

        if (read == 0 && buffer.Length != 0)
        {
            Check(FileIdentity.Of(file.SafeFileHandle, path)?.ETag, path, etag);
        }

        return read;
    }

    /// <summary>Throws if <paramref name="found"/> is not the content that was asked for.</summary>
    public static void Check(ETag? found, string path, ETag expected)
    {
        if (found != expected)
        {
            throw new StorageException(
                StorageFault.Changed,
                $"{ObjectName.Show(path)} changed after it was listed. Run the same command again when nobody writes to it.");
        }
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
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
