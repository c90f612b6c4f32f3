using System.Buffers;
using OrleansClean.Cleaning.Csv;

namespace OrleansClean.Cleaning.Reading;

/// <summary>The beginning of an input's text, read as far as it is needed and never beyond a bound.</summary>
internal sealed class HeadBuffer(Stream decoded, Limits limits) : IDisposable
{
    // Rented: of thousands of small files each would pay for the sample of a large one.
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(InputLayers.SampleBytes);
    private int _length;

    /// <summary>Bytes at most: room for a header as long as a record may be, and for three times as much above it.</summary>
    private long BytesMax => 4L * limits.RecordBytesMax;

    /// <summary>What was read.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>True if there is nothing behind <see cref="Bytes"/>.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Reads on until there are <paramref name="count"/> bytes, or the input ends.</summary>
    public void Ensure(long count)
    {
        if (count <= _length || IsAtEnd)
            return;
        if (count > BytesMax + InputLayers.SampleBytes)
        {
            throw new FileFailedException(
                ProblemCodes.BlankHeader,
                $"no header ends within the first {Digits.Grouped(BytesMax)} bytes; remove what stands above it");
        }

        if (count > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(count, 2L * _bytes.Length));
            Bytes.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        var got = decoded.ReadAtLeast(_bytes.AsSpan(_length, (int)count - _length), (int)count - _length, throwOnEndOfStream: false);
        IsAtEnd = _length + got < count;
        _length += got;
    }

    /// <summary>Gives the memory back; <see cref="Bytes"/> must not be used any more.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
    }

    /// <summary>Position of the next line behind <paramref name="at"/>; the end if there is none.</summary>
    public int NextLine(int at)
    {
        while (true)
        {
            var length = Bytes[at..].IndexOfAny((byte)'\n', (byte)'\r');
            if (length >= 0)
            {
                Ensure(at + length + 2);
                return at + length + PhysicalLines.EndLength(Bytes[(at + length)..]);
            }

            if (IsAtEnd)
                return _length;
            Ensure(2L * _length);
        }
    }
}
