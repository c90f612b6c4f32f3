namespace OrleansClean.Cleaning.Csv;

/// <summary>The scanner byte by byte: the specification of <see cref="VectorScanner"/>, and its stand-in on request.</summary>
internal sealed class ScalarScanner : IScanner
{
    public void Scan(ReadOnlySpan<byte> data, int position, byte delimiter, SeparatorIndex index)
    {
        for (var i = 0; i < data.Length; i++)
        {
            var c = data[i];
            index.Flags |= c >= 0x80 ? ScanFlags.NonAscii : c == 0 ? ScanFlags.Nul : ScanFlags.None;
            if (c == '"')
            {
                if (!Quote(index))
                {
                    index.BrokenAt = position + i;
                    return;
                }

                continue;
            }

            if (index.InsideQuotes != 0)
            {
                if (c == '\r' || (c == '\n' && index.AfterCr == 0))
                {
                    index.AddQuotedLineEnd(position + i);
                }

                index.MayOpen = 0;
                index.AfterCr = c == '\r' ? 1UL : 0;
                continue;
            }

            var isSeparator = c == delimiter || c is (byte)'\n' or (byte)'\r';
            if (index.JustClosed != 0 && !isSeparator)
            {
                index.BrokenAt = position + i;
                return;
            }

            if (isSeparator)
            {
                Separator(c, position + i, index);
            }

            index.MayOpen = isSeparator ? 1UL : 0;
            index.JustClosed = 0;
            index.AfterCr = c == '\r' ? 1UL : 0;
        }
    }

    /// <summary>A quote opens, closes, or doubles the one before; false if it is out of place.</summary>
    private static bool Quote(SeparatorIndex index)
    {
        index.AfterCr = 0;
        if (index.InsideQuotes != 0)
        {
            index.InsideQuotes = 0;
            index.JustClosed = 1;
            index.MayOpen = 1;
            return true;
        }

        if (index.MayOpen == 0)
        {
            return false;
        }

        index.InsideQuotes = ulong.MaxValue;
        index.JustClosed = 0;
        index.MayOpen = 0;
        return true;
    }

    private static void Separator(byte c, int position, SeparatorIndex index)
    {
        index.Reserve(1);
        if (c is (byte)'\r' || (c is (byte)'\n' && index.AfterCr == 0))
        {
            index.RowEnds[index.RowEndCount++] = index.BoundCount;
        }

        index.Bounds[index.BoundCount++] = position;
    }
}
