namespace OrleansClean.Storage.Folders;

/// <summary>
/// Writes to a staged file. A failure names the object that is being written, not the file it is staged in. What was written is on its way to the
/// medium while the rest is made.
/// </summary>
internal sealed class StagedStream(FileStream file, string path) : Stream
{
    /// <summary>
    /// Bytes that are written before the kernel is asked to begin with them. Smaller files are left to the flush that they share. One GB of a staged
    /// file, flushed: 1.4 s without, 0.4 s with 1 to 32 MiB.
    /// </summary>
    private const int AheadBytes = 8 << 20;

    private long _begun = file.Position;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            file.Write(buffer);
        }
        catch (Exception e) when (FolderErrors.Knows(e))
        {
            throw FolderErrors.Of(e, path, "written");
        }

        var written = file.Position;
        if (written - _begun >= AheadBytes)
        {
            FileSystemFlush.Begin(file.SafeFileHandle, _begun, written - _begun);
            _begun = written;
        }
    }

    public override void Flush()
    {
        // The file is unbuffered: what was written is with the kernel already.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
