using System.Runtime.InteropServices;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>
/// A block of elements on its way through the steps. Steps change it where it lies; a cast moves it into the worker's own memory, one half
/// of which it reads while it fills the other.
/// </summary>
internal ref struct ArrayBlock(Span<byte> bytes, byte[] scratch)
{
    private bool _inUpperHalf = true;

    /// <summary>The elements as they are now.</summary>
    public Span<byte> Bytes { get; private set; } = bytes;

    /// <summary>The elements as <typeparamref name="T"/>.</summary>
    public readonly Span<T> As<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes);

    /// <summary>Goes on with <paramref name="count"/> elements of another kind, which the caller fills in.</summary>
    public Span<T> MoveTo<T>(int count)
        where T : unmanaged
    {
        _inUpperHalf = !_inUpperHalf;
        var half = scratch.Length / 2;
        Bytes = scratch.AsSpan(_inUpperHalf ? half : 0, count * Marshal.SizeOf<T>());
        return As<T>();
    }
}
