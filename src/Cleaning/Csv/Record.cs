namespace OrleansClean.Cleaning.Csv;

/// <summary>
/// One record as it lies in a reader's buffer. Valid until the reader's next call. Field <c>i</c> is the bytes after
/// <c>Bounds[First + i]</c> and before <c>Bounds[First + i + 1]</c>; quotes are still on unless <see cref="IsDecoded"/>.
/// </summary>
internal sealed class Record
{
    /// <summary>The bytes that hold the fields.</summary>
    public byte[] Buffer = [];

    /// <summary>Positions of separators in <see cref="Buffer"/>; the one before the first field may be -1.</summary>
    public int[] Bounds = [-1];

    /// <summary>Where this record's first bound is.</summary>
    public int First;

    /// <summary>How many fields the record has; a blank line has none.</summary>
    public int FieldCount;

    /// <summary>Fields hold plain text: there is no quote to take off. Then no field is copied as it stands.</summary>
    public bool IsDecoded;

    /// <summary>A field that does not begin with a quote holds one: such a field must be quoted again on output.</summary>
    public bool HasStrayQuote;

    /// <summary>The record's place in the file from one, the header not counted.</summary>
    public long Number;

    /// <summary>The physical line on which the record begins, from one.</summary>
    public long Line;

    /// <summary>The physical line on which the record ends.</summary>
    public long LineEnd;

    /// <summary>Where the record begins in the decoded input (uncompressed, UTF-8), in bytes.</summary>
    public long ByteOffset;

    /// <summary>The bytes that hold the record as it stands in the input.</summary>
    public byte[] RawBuffer = [];

    /// <summary>Where the record begins in <see cref="RawBuffer"/>.</summary>
    public int RawStart;

    /// <summary>Length in bytes of what is kept, without the line end.</summary>
    public int RawLength;

    /// <summary>Length in bytes of all of the record, without the line end.</summary>
    public long ByteLength;

    /// <summary>Length of the line end that follows: 0, 1 or 2 bytes.</summary>
    public int LineEndLength;

    /// <summary>The record was too long to keep: <see cref="Raw"/> is its beginning.</summary>
    public bool IsTruncated;

    /// <summary>The record as it stands in the input, without its line end.</summary>
    public ReadOnlySpan<byte> Raw => RawBuffer.AsSpan(RawStart, RawLength);

    /// <summary>Field <paramref name="index"/> as it stands, quotes included.</summary>
    public ReadOnlySpan<byte> RawField(int index)
    {
        var start = Bounds[First + index] + 1;
        return Buffer.AsSpan(start, Bounds[First + index + 1] - start);
    }
}
