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
            var more = new byte[count];
            _peeked.CopyTo(more, 0);
            var got = Source.ReadAtLeast(more.AsSpan(_peeked.Length), count - _peeked.Length, throwOnEndOfStream: false);
            Array.Resize(ref more, _peeked.Length + got);
            _peeked = more;
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
