namespace OrleansClean.Cleaning.Verifying;

/// <summary>Hashes and counts what is read through it. The stream beneath stays open.</summary>
/// <param name="source">The stream beneath.</param>
/// <param name="expected">The digest that it should have: its form decides how it is hashed.</param>
internal sealed class HashedStream(Stream source, string? expected) : Stream
{
    private readonly ContentDigest _hash = ContentDigest.Like(expected);

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <summary>Bytes read so far.</summary>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public override long Position
    {
        get => Count;
        set => throw new NotSupportedException();
    }

    /// <summary>Reads what is left and gives the digest of all.</summary>
    public string Finish()
    {
        var rest = new byte[64 << 10];
        while (Read(rest) > 0)
        {
        }

        return _hash.Finish();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var count = source.Read(buffer);
        _hash.Append(buffer[..count]);
        Count += count;
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }
}
