namespace OrleansClean.Cleaning.Steps;

/// <summary>In which order a date names day, month and year.</summary>
internal enum DateOrder
{
    /// <summary>Day, month, year.</summary>
    Dmy,

    /// <summary>Month, day, year.</summary>
    Mdy,

    /// <summary>Year, month, day.</summary>
    Ymd,

    /// <summary>Year, day, month.</summary>
    Ydm,

    /// <summary>Day, year, month.</summary>
    Dym,

    /// <summary>Month, year, day.</summary>
    Myd,
}

/// <summary>What one cell is in each of the orders that can read it.</summary>
internal struct DateReadings
{
    /// <summary>How many orders there are.</summary>
    public const int Orders = 6;

    private Times _times;

    /// <summary>The orders that can read the cell, one bit each.</summary>
    public int Readable { get; private set; }

    /// <summary>True if there is a time of day: the orders differ in the day only.</summary>
    public bool HasClock { get; private set; }

    /// <summary>Adds a reading; of two in one order the first stays.</summary>
    public void Add(DateOrder order, DateTime time)
    {
        if (!Has(order))
        {
            _times[(int)order] = time;
            Readable |= 1 << (int)order;
            HasClock |= time.TimeOfDay != TimeSpan.Zero;
        }
    }

    /// <summary>True if that order can read the cell.</summary>
    public readonly bool Has(DateOrder order) => (Readable & (1 << (int)order)) != 0;

    /// <summary>What the cell is in that order.</summary>
    public readonly DateTime this[DateOrder order] => _times[(int)order];

    [System.Runtime.CompilerServices.InlineArray(Orders)]
    private struct Times
    {
        private DateTime _first;
    }
}
