using System.Buffers;
using System.Runtime.CompilerServices;

namespace OrleansClean.Cleaning.Writing;

/// <summary>Bytes on their way to a stream, written out in large blocks. Memory: one block and the longest single row.</summary>
/// <remarks>Blocks are rented: a new one for each of thousands of small files would be most of what they cost.</remarks>
internal sealed class OutputBuffer(Stream destination, int blockBytes = OutputBuffer.BlockBytesLarge) : IDisposable
{
    /// <summary>Bytes of a block of the cleaned file.</summary>
    public const int BlockBytesLarge = 256 << 10;

    /// <summary>Bytes of a block of the rejects, which are few.</summary>
    public const int BlockBytesSmall = 16 << 10;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(blockBytes);
    private int _used;

    /// <summary>Bytes written so far, the buffered ones included.</summary>
    public long Length { get; private set; }

    /// <summary>Room for <paramref name="length"/> bytes; <see cref="Advance"/> says how many were used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Reserve(int length)
    {
        if (length > _bytes.Length - _used)
        {
            Grow(length);
        }

        return _bytes.AsSpan(_used);
    }

    /// <summary>Takes <paramref name="length"/> bytes of the reserved room.</summary>
    public void Advance(int length)
    {
        _used += length;
        Length += length;
    }

    /// <summary>Appends <paramref name="bytes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Advance(bytes.Length);
    }

    /// <summary>Appends one byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(byte value)
    {
        Reserve(1)[0] = value;
        Advance(1);
    }

    /// <summary>Writes a full block out; called between rows.</summary>
    public void EndRow()
    {
        if (_used >= blockBytes - (blockBytes >> 4))
        {
            Flush();
        }
    }

    /// <summary>Writes everything out.</summary>
    public void Flush()
    {
        destination.Write(_bytes, 0, _used);
        _used = 0;
    }

    /// <summary>Gives the block back; what was not flushed is lost.</summary>
    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int length)
    {
        Flush();
        if (length > _bytes.Length)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = ArrayPool<byte>.Shared.Rent(length);
        }
    }
}
