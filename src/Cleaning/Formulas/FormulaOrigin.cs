using System.Text;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Where a compiled formula comes from, for the problems of rows in which it fails.</summary>
/// <param name="Text">The formula as written, bounded.</param>
/// <param name="Columns">The columns that it reads, in the order of the text.</param>
internal sealed record FormulaOrigin(string Text, IReadOnlyList<ColumnBinding> Columns)
{
    /// <summary>Columns of a formula whose cells a problem shows.</summary>
    public const int ColumnsMax = 8;

    /// <summary>Bytes of each of several cells that a problem shows.</summary>
    public const int CellBytesMax = 100;

    /// <summary>The column that it makes; null for a condition.</summary>
    public string? Target { get; init; }

    /// <summary>
    /// The problem with the formula and what it read: in its only column with what stands there, else under the name of the column that it makes, with the
    /// cells of all.
    /// </summary>
    public Problem Explain(Problem problem, Row row)
    {
        var what = Target is null ? "The condition" : $"The formula of {Shown.Shorten(Target)}";
        var only = Columns.Count == 1 ? Columns[0] : null;
        return problem with
        {
            Message = $"{problem.Message} {what} is {Text}.",
            Column = only?.Name ?? Target,
            ColumnIndex = only?.SourceIndex ?? -1,
            Value = problem.Value ?? (only is not null ? Problem.Keep(Cell(only, row)) : Columns.Count == 0 ? null : Cells(row)),
        };
    }

    private byte[] Cells(Row row)
    {
        using var cells = new MemoryStream();
        foreach (var column in Columns.Take(ColumnsMax))
        {
            cells.Write(Encoding.UTF8.GetBytes($"{(cells.Length == 0 ? "" : ", ")}{Shown.Shorten(column.Name)} = "));
            var cell = Cell(column, row);
            var length = Math.Min(cell.Length, CellBytesMax);
            while (length > 0 && length < cell.Length && (cell[length] & 0xC0) == 0x80)
            {
                // Not in the middle of a character.
                length--;
            }

            cells.Write(cell[..length]);
            cells.Write(length < cell.Length ? "…"u8 : []);
        }

        cells.Write(Columns.Count > ColumnsMax ? ", …"u8 : []);
        return cells.ToArray();
    }

    private static ReadOnlySpan<byte> Cell(ColumnBinding column, Row row)
    {
        row.ReadVerbatim(column.Slot, out var text);
        return text.Kind == ValueKind.Text ? text.AsText : [];
    }
}
