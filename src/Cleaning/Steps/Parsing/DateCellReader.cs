namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// Reads dates and datetimes. The plain form, ISO 8601, always reads as itself; which other forms there are is the
/// subclass's matter. A date may carry a time only if it is midnight: nothing is cut off in silence.
/// </summary>
internal abstract class DateCellReader(ColumnType type) : CellReader
{
    /// <summary>What the column proves.</summary>
    public DateProof Proof { get; } = new();

    /// <summary>True if the whole column must be seen before its first cell can be read.</summary>
    public abstract bool NeedsProof { get; }

    public override string Expected => type == ColumnType.Date ? "date" : "datetime";

    /// <summary>Looks at a cell of a measuring pass.</summary>
    public void Measure(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t"u8);
        if (TryReadFixed(text, out _))
        {
            Proof.CountFixed();
        }
        else
        {
            ReadOrders(text, out var readings);
            Proof.Count(Fitting(readings));
        }
    }

    public override CellStatus Read(in Value text, TextArena arena, out Value typed, out Value plain)
    {
        typed = plain = Value.Null;
        var trimmed = text.AsText.Trim(" \t"u8);
        if (trimmed.IsEmpty)
        {
            return CellStatus.Blank;
        }

        if (!TryReadFixed(trimmed, out var time))
        {
            ReadOrders(trimmed, out var readings);
            var status = Proof.Decide(Fitting(readings), out time);
            if (status != CellStatus.Plain)
            {
                return status;
            }
        }

        if (type == ColumnType.DateTime)
        {
            typed = Value.DateTime(time);
        }
        else if (time.TimeOfDay == TimeSpan.Zero)
        {
            typed = Value.Date(DateOnly.FromDateTime(time));
        }
        else
        {
            return CellStatus.Wrong;
        }

        return Settle(text, typed, arena, out plain);
    }

    /// <summary>A day with a time of day is no date, whatever its order, and proves nothing.</summary>
    private DateReadings Fitting(in DateReadings readings) => type == ColumnType.Date && readings.HasClock ? default : readings;

    /// <summary>Reads a cell whose form alone tells which day it is.</summary>
    protected abstract bool TryReadFixed(ReadOnlySpan<byte> text, out DateTime time);

    /// <summary>Reads a cell in every order that can.</summary>
    protected abstract void ReadOrders(ReadOnlySpan<byte> text, out DateReadings readings);
}
