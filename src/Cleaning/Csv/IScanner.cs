namespace OrleansClean.Cleaning.Csv;

/// <summary>
/// Finds separators in a stretch of bytes, quotes respected. The vectorised scanner and its scalar twin give the same
/// results for every input and every cut of it into stretches.
/// </summary>
internal interface IScanner
{
    /// <summary>
    /// Scans <paramref name="data"/>, whose first byte is at <paramref name="position"/> in the reader's buffer, and
    /// appends what it finds to <paramref name="index"/>. Stops at the first quote that is out of place, and says where.
    /// </summary>
    void Scan(ReadOnlySpan<byte> data, int position, byte delimiter, SeparatorIndex index);
}

/// <summary>
/// Positions of delimiters and line ends outside quotes, as far as a buffer has been scanned, with the scanner's state
/// between two stretches.
/// </summary>
internal sealed class SeparatorIndex
{
    /// <summary>Positions in the buffer; the first is the one before the first record's first field.</summary>
    public int[] Bounds = new int[1024];

    /// <summary>How many <see cref="Bounds"/> are filled.</summary>
    public int BoundCount;

    /// <summary>Places in <see cref="Bounds"/> of the separators that end a record: every line end, a CR LF at its CR.</summary>
    public int[] RowEnds = new int[256];

    /// <summary>How many <see cref="RowEnds"/> are filled.</summary>
    public int RowEndCount;

    /// <summary>Positions of line ends inside quotes, a CR LF at its CR: they make a record longer than one physical line.</summary>
    public int[] QuotedLineEnds = new int[64];

    /// <summary>How many <see cref="QuotedLineEnds"/> are filled.</summary>
    public int QuotedLineEndCount;

    /// <summary>The position at which quotes stop to make sense, or -1. Nothing at or behind it is indexed.</summary>
    public int BrokenAt = -1;

    /// <summary>All ones if the next byte is inside quotes, else zero.</summary>
    public ulong InsideQuotes;

    /// <summary>One if the last byte lets a quote open here: a separator, or a quote that closed.</summary>
    public ulong MayOpen = 1;

    /// <summary>One if the last byte closed a quote: a separator or another quote must follow.</summary>
    public ulong JustClosed;

    /// <summary>One if the last byte was a CR: an LF that follows belongs to it.</summary>
    public ulong AfterCr;

    /// <summary>What was seen since this was last cleared.</summary>
    public ScanFlags Flags;

    /// <summary>Starts over at a record that begins at <paramref name="start"/>.</summary>
    public void Restart(int start)
    {
        Bounds[0] = start - 1;
        BoundCount = 1;
        RowEndCount = 0;
        QuotedLineEndCount = 0;
        BrokenAt = -1;
        InsideQuotes = 0;
        MayOpen = 1;
        JustClosed = 0;
        AfterCr = 0;
        Flags = ScanFlags.None;
    }

    /// <summary>
    /// Forgets the records before <paramref name="firstBound"/> and the quoted line ends before
    /// <paramref name="firstLineEnd"/>, and moves all positions down by <paramref name="shift"/>.
    /// </summary>
    public void Rebase(int firstBound, int firstLineEnd, int shift)
    {
        var kept = BoundCount - firstBound;
        for (var i = 0; i < kept; i++)
        {
            Bounds[i] = Bounds[firstBound + i] - shift;
        }

        BoundCount = kept;
        RowEndCount = 0;
        kept = QuotedLineEndCount - firstLineEnd;
        for (var i = 0; i < kept; i++)
        {
            QuotedLineEnds[i] = QuotedLineEnds[firstLineEnd + i] - shift;
        }

        QuotedLineEndCount = kept;
        if (BrokenAt >= 0)
        {
            BrokenAt -= shift;
        }
    }

    /// <summary>Adds a line end inside quotes.</summary>
    public void AddQuotedLineEnd(int position)
    {
        if (QuotedLineEndCount == QuotedLineEnds.Length)
        {
            Array.Resize(ref QuotedLineEnds, QuotedLineEnds.Length * 2);
        }

        QuotedLineEnds[QuotedLineEndCount++] = position;
    }

    /// <summary>Makes room for <paramref name="length"/> more separators.</summary>
    public void Reserve(int length)
    {
        if (BoundCount + length > Bounds.Length)
        {
            Array.Resize(ref Bounds, Math.Max(Bounds.Length * 2, BoundCount + length));
        }

        if (RowEndCount + length > RowEnds.Length)
        {
            Array.Resize(ref RowEnds, Math.Max(RowEnds.Length * 2, RowEndCount + length));
        }
    }
}

/// <summary>What a scanned stretch holds; more than is there may be said, never less.</summary>
[Flags]
internal enum ScanFlags
{
    /// <summary>Nothing of note.</summary>
    None = 0,

    /// <summary>A byte of 0x80 or more: whether it is valid UTF-8 must be checked.</summary>
    NonAscii = 1,

    /// <summary>A NUL byte.</summary>
    Nul = 2,
}
