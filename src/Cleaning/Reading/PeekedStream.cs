using System.Buffers;

namespace OrleansClean.Cleaning.Reading;

/// <summary>A stream whose first bytes were looked at already: gives these, then the rest.</summary>
internal sealed class PeekedStream(Stream source) : ForwardStream(source)
{
    private byte[] _peeked = [];
    private int _given;

    /// <summary>The first <paramref name="count"/> bytes, or all there are; they will be read again.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (_given != 0)
            throw new InvalidOperationException("Bytes that were read cannot be looked at beforehand.");
        if (_peeked.Length < count)
        {
            // Rented, and as much kept as there is: a small file has less than what is looked for.
            var more = ArrayPool<byte>.Shared.Rent(count);
            _peeked.CopyTo(more, 0);
            var got = Source.ReadAtLeast(more.AsSpan(_peeked.Length, count - _peeked.Length), count - _peeked.Length, throwOnEndOfStream: false);
            _peeked = more.AsSpan(0, _peeked.Length + got).ToArray();
            ArrayPool<byte>.Shared.Return(more);
        }

        return _peeked.AsSpan(0, Math.Min(count, _peeked.Length));
    }

    /// <summary>Passes over bytes that were looked at.</summary>
    public void Skip(int count) => _given += count;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var left = Math.Min(_peeked.Length - _given, buffer.Length);
        if (left <= 0)
            return Source.Read(buffer);
        _peeked.AsSpan(_given, left).CopyTo(buffer);
        _given += left;
        return left;
    }
}
