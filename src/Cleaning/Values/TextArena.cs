namespace OrleansClean.Cleaning;

/// <summary>
/// Bytes that formulas and steps make while one row is processed. Slices stay valid until <see cref="Reset"/>: growth
/// takes a new array and leaves the old one to the values that point into it.
/// </summary>
public sealed class TextArena
{
    /// <summary>Bytes that one row may make, at most: 16 MiB.</summary>
    public const int BytesPerRowMax = 16 << 20;

    /// <summary>
    /// Bytes of a text that fits even beyond that bound: the plain form of a number or date must not be lost because a
    /// step has filled the row. There are no more of them than steps times columns.
    /// </summary>
    public const int ShortTextBytes = ValueText.LengthMax;

    private byte[] _bytes = new byte[4096];
    private int _used;
    private int _total;

    /// <summary>Forgets all bytes. Called once per row.</summary>
    public void Reset()
    {
        _used = 0;
        _total = 0;
    }

    /// <summary>
    /// Reserves <paramref name="length"/> bytes and returns where they start in <paramref name="array"/>; false if the
    /// row's bound is reached, which a text of <see cref="ShortTextBytes"/> never is.
    /// </summary>
    public bool TryReserve(int length, out byte[] array, out int start)
    {
        if (length > BytesPerRowMax - _total && length > ShortTextBytes)
        {
            array = [];
            start = 0;
            return false;
        }

        if (length > _bytes.Length - _used)
        {
            _bytes = new byte[Math.Max(length, Math.Min(_bytes.Length * 2, 1 << 20))];
            _used = 0;
        }

        array = _bytes;
        start = _used;
        _used += length;
        _total += length;
        return true;
    }

    /// <summary>Copies <paramref name="text"/> into the arena; false if the row's bound is reached.</summary>
    public bool TryCopy(ReadOnlySpan<byte> text, out Value value)
    {
        if (!TryReserve(text.Length, out var array, out var start))
        {
            value = Value.Error;
            return false;
        }

        text.CopyTo(array.AsSpan(start));
        value = Value.Text(array, start, text.Length);
        return true;
    }
}
