using System.Security.Cryptography;
using OrleansClean.Cleaning.Verifying;

namespace OrleansClean.Execution.Publishing;

/// <summary>Hashes and counts what is written through it.</summary>
internal sealed class HashingStream(Stream inner, IncrementalHash hash, long bytesBefore) : Stream
{
    private readonly IncrementalHash _hash = hash;
    private List<(long Bytes, string Sha256)>? _blocks;
    private long _blockStart;

    public HashingStream(Stream inner)
        : this(inner, IncrementalHash.CreateHash(HashAlgorithmName.SHA256), 0)
    {
    }

    public long BytesWritten { get; private set; } = bytesBefore;

    /// <summary>The SHA-256 of what was written so far, in lower-case hex.</summary>
    public string HashSoFar => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => BytesWritten;

    public override long Position
    {
        get => BytesWritten;
        set => throw new NotSupportedException();
    }

    /// <summary>A block ends here: the digest becomes that of the blocks.</summary>
    public void EndBlock()
    {
        _blocks ??= [];
        _blocks.Add((BytesWritten - _blockStart, FinishHash()));
        _blockStart = BytesWritten;
    }

    /// <summary>The digest of everything written: its SHA-256 in lower-case hex, or that of its blocks. Ends the hashing.</summary>
    public string Finish()
    {
        if (_blocks is null)
        {
            return FinishHash();
        }

        EndBlock();
        return ContentDigest.OfBlocks(_blocks);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        _hash.AppendData(buffer);
        BytesWritten += buffer.Length;
    }

    public override void WriteByte(byte value) => Write([value]);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private string FinishHash()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(digest);
        return Convert.ToHexStringLower(digest);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
