using System.Buffers;
using System.Runtime.CompilerServices;

namespace OrleansClean.Cleaning.Writing;

/// <summary>
/// Bytes on their way to a stream, written out in large blocks. Memory: one block and the longest single row. A buffer that
/// holds back grows to <paramref name="holdBytes"/> before it writes anything out by itself.
/// </summary>
/// <remarks>Blocks are rented: a new one for each of thousands of small files would be most of what they cost.</remarks>
internal sealed class OutputBuffer(Stream destination, int blockBytes = OutputBuffer.BlockBytesLarge, int holdBytes = 0) : IDisposable
{
    /// <summary>Bytes of a block of the cleaned file.</summary>
    public const int BlockBytesLarge = 256 << 10;

    /// <summary>Bytes of a block of the rejects, which are few.</summary>
    public const int BlockBytesSmall = 16 << 10;

    private readonly int _fullBytes = Math.Max(blockBytes, holdBytes) - (Math.Max(blockBytes, holdBytes) >> 4);
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

    /// <summary>Appends <paramref name="bytes"/>, and <paramref name="end"/> behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> end)
    {
        var room = Reserve(bytes.Length + end.Length);
        bytes.CopyTo(room);
        end.CopyTo(room[bytes.Length..]);
        Advance(bytes.Length + end.Length);
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
        if (_used >= _fullBytes)
        {
            Flush();
        }
    }

    /// <summary>Appends what <paramref name="other"/> holds back, and empties it.</summary>
    public void Take(OutputBuffer other)
    {
        Append(other._bytes.AsSpan(0, other._used));
        other.Clear();
    }

    /// <summary>Forgets what is held back.</summary>
    public void Clear()
    {
        _used = 0;
        Length = 0;
    }

    /// <summary>Appends a long stretch of bytes without a copy.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            Flush();
            destination.Write(bytes);
            Length += bytes.Length;
        }
    }

    /// <summary>Writes everything out.</summary>
    public void Flush()
    {
        if (_used > 0)
        {
            destination.Write(_bytes, 0, _used);
            _used = 0;
        }
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
        if (_used + length <= holdBytes)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_used + length, Math.Min(_bytes.Length * 2, holdBytes)));
            _bytes.AsSpan(0, _used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
            return;
        }

        Flush();
        if (length > _bytes.Length)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = ArrayPool<byte>.Shared.Rent(length);
        }
    }
}
