namespace OrleansClean.Cleaning.Csv;

/// <summary>Measures the longest stretch without a delimiter in a line that is too long to keep.</summary>
internal sealed class FieldLengths(byte delimiter)
{
    private long _current;

    /// <summary>Bytes of the longest stretch so far.</summary>
    public long Longest { get; private set; }

    /// <summary>Adds the line's next bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        for (var at = bytes.IndexOf(delimiter); at >= 0; at = bytes.IndexOf(delimiter))
        {
            Longest = Math.Max(Longest, _current + at);
            _current = 0;
            bytes = bytes[(at + 1)..];
        }

        _current += bytes.Length;
        Longest = Math.Max(Longest, _current);
    }
}
