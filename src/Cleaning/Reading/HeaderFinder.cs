namespace OrleansClean.Cleaning.Reading;

/// <summary>
/// Finds the header among a sample's records. It is the first one, unless the lines above are clearly something else:
/// comments, or a title much narrower than the table, above a line that reads like a header.
/// </summary>
internal static class HeaderFinder
{
    private const int RowsLookedAt = 20;

    /// <summary>
    /// The number of fields that most records have from <paramref name="first"/> on; of equally frequent ones that of the
    /// first record if it is among them, else the largest.
    /// </summary>
    public static int ModalWidth(SampleTable table, int first)
    {
        var counts = new Dictionary<int, int>();
        var (modal, most) = (1, 0);
        for (var i = first; i < table.Records.Count; i++)
        {
            if (table.Records[i] is not { IsBroken: false, Fields: var width })
                continue;
            var count = counts[width] = counts.GetValueOrDefault(width) + 1;
            if (count > most || (count == most && width > modal))
                (modal, most) = (width, count);
        }

        var own = first < table.Records.Count ? table.Records[first].Fields : 0;
        return own > 1 && counts.GetValueOrDefault(own) == most ? own : modal;
    }

    /// <summary>The index of the header in the table's records.</summary>
    public static int Find(SampleTable table)
    {
        var records = table.Records;
        var first = SkipComments(table);
        var width = ModalWidth(table, first);
        if (width < 2 || first >= records.Count || records[first].Fields > width + 1 || IsNear(records[first].Fields, width))
            return first;
        // A line of the table's own width above numbers is a header beyond doubt, even behind a title with a delimiter in it.
        var full = records.FindIndex(first + 1, r => r.Fields == width);
        var near = records.FindIndex(first + 1, r => IsNear(r.Fields, width));
        var header = full != near && IsHeader(table, full, width) && IsAboveNumbers(table, full) ? full : near;
        return header >= 0 && IsHeader(table, header, width) && (width > 2 || IsAboveNumbers(table, header)) ? header : first;
    }

    /// <summary>Some column holds numbers in all the next rows, under a label that is none.</summary>
    public static bool IsAboveNumbers(SampleTable table, int index)
    {
        var labels = table.Cells(index);
        var end = Math.Min(index + 1 + RowsLookedAt, table.Records.Count);
        var rows = Enumerable.Range(index + 1, end - index - 1).Select(table.Cells).ToList();
        return rows.Count > (labels.Length == 2 ? 1 : 0) && Enumerable.Range(0, labels.Length).Any(column =>
            !CellShape.IsNumberLike(labels[column])
            && rows.All(row => column < row.Length && CellShape.IsNumberLike(row[column])));
    }

    /// <summary>It reads like one, and rows follow.</summary>
    private static bool IsHeader(SampleTable table, int index, int width) =>
        index >= 0 && ReadsLikeHeader(table, index) && table.Records.FindIndex(index + 1, r => r.Fields == width) >= 0;

    private static bool IsNear(int fields, int width) => fields >= Math.Max(2, width - 1) && fields <= width + 1;

    /// <summary>Lines that begin with <c>#</c> are comments; the last of them may be the header itself, as in <c>#id,name</c>.</summary>
    private static int SkipComments(SampleTable table)
    {
        var count = 0;
        while (count < table.Records.Count && table.Bytes(count)[0] == '#')
            count++;
        if (count == 0 || count == table.Records.Count)
            return 0;
        var last = table.Bytes(count - 1);
        var isTight = last.Length > 1 && last[1] is not ((byte)' ' or (byte)'\t' or (byte)'#' or (byte)'!');
        return isTight && table.Records[count - 1].Fields == ModalWidth(table, count) ? count - 1 : count;
    }

    /// <summary>Mostly words (or years), and no number in the first cell.</summary>
    private static bool ReadsLikeHeader(SampleTable table, int index)
    {
        var cells = table.Cells(index);

        // Of a record with broken quotes only the first physical line is left, and there may be no whole cell in it.
        if (cells.Length == 0)
            return false;
        var labels = cells.Count(cell => cell.Length != 0 && (CellShape.IsYear(cell) || !CellShape.IsNumberLike(cell)));
        return 2 * labels >= cells.Length && (CellShape.IsYear(cells[0]) || !CellShape.IsNumberLike(cells[0]));
    }
}
