using System.Runtime.CompilerServices;

namespace OrleansClean.Cleaning.Writing;

/// <summary>Bytes on their way to a stream, written out in large blocks. Memory: one block and the longest single row.</summary>
internal sealed class OutputBuffer(Stream destination)
{
    private const int BlockBytes = 256 << 10;

    private byte[] _bytes = new byte[BlockBytes + 4096];
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
        if (_used >= BlockBytes)
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int length)
    {
        Flush();
        if (length > _bytes.Length)
        {
            _bytes = new byte[length + 4096];
        }
    }
}
