using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>What a cell is, read as a type.</summary>
internal enum CellStatus
{
    /// <summary>A value, and the text is its plain form already.</summary>
    Plain,

    /// <summary>A value whose plain form is another text.</summary>
    Rewritten,

    /// <summary>Nothing but spaces and tabs: null.</summary>
    Blank,

    /// <summary>No value of the type.</summary>
    Wrong,

    /// <summary>A date that could be two days, and nothing proves which.</summary>
    Ambiguous,
}

/// <summary>Reads cells of one column as a type. Holds what the whole column decided, and scratch space: one per file.</summary>
internal abstract class CellReader
{
    /// <summary>What is expected, for the reject record: <c>decimal(12,2)</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>
    /// Reads <paramref name="text"/>, which is not empty. <paramref name="typed"/> is the value, and
    /// <paramref name="plain"/> its plain form, made in <paramref name="arena"/> if it differs from the text.
    /// </summary>
    public abstract CellStatus Read(in Value text, TextArena arena, out Value typed, out Value plain);

    /// <summary>The reader for a column of a <c>parse</c> step; null if the plan's words do not fit, with the problem.</summary>
    public static CellReader? Create(ColumnParse parse, out string error)
    {
        error = "";
        switch (parse.Type)
        {
            case ColumnType.Integer or ColumnType.Number or ColumnType.Decimal:
                return new NumberCellReader(parse);
            case ColumnType.Boolean:
                return new BooleanCellReader(parse);
            case ColumnType.Date or ColumnType.DateTime:
                return parse.Formats.IsEmpty ? OpenDateReader.For(parse, out error) : FormDateReader.For(parse, out error);
            default:
                throw new System.Diagnostics.UnreachableException($"{parse.Type} is read by no reader.");
        }
    }

    /// <summary>The reader of a type's plain forms.</summary>
    public static CellReader Plain(ColumnType type)
    {
        var reader = Create(new ColumnParse { Column = new ColumnName("", default), Type = type }, out var error);
        return reader ?? throw new System.Diagnostics.UnreachableException(error);
    }

    /// <summary>Settles whether <paramref name="text"/> is <paramref name="typed"/>'s plain form, and makes it if it is not.</summary>
    protected static CellStatus Settle(in Value text, in Value typed, TextArena arena, out Value plain)
    {
        Span<byte> form = stackalloc byte[ValueText.LengthMax];
        return Settle(text, form[..ValueText.Format(typed, form)], arena, out plain);
    }

    /// <summary>As above, with the plain form given.</summary>
    protected static CellStatus Settle(in Value text, ReadOnlySpan<byte> form, TextArena arena, out Value plain)
    {
        if (text.AsText.SequenceEqual(form))
        {
            plain = text;
            return CellStatus.Plain;
        }

        // A plain form is no longer than the cell or 64 bytes: the row's bound is far away, and a reader may still say no.
        return arena.TryCopy(form, out plain) ? CellStatus.Rewritten : CellStatus.Wrong;
    }
}
