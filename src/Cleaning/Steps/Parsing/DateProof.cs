namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// One order of day, month and year for a whole column, proven by its cells. A cell that only one order can read proves
/// that order. A cell that several orders read as different days is read in the one of them that is proven, if exactly
/// one is; without a proof, or with proofs that contradict each other, it is ambiguous. A cell that all orders read as the
/// same day, or that only one can read, is never ambiguous.
/// </summary>
internal sealed class DateProof
{
    private readonly long[] _proving = new long[DateReadings.Orders];
    private long _ambiguous;
    private long _fixed;
    private bool _isSettled;

    /// <summary>Counts a cell that its form alone tells, such as <c>2019-04-15</c>.</summary>
    public void CountFixed() => _fixed++;

    /// <summary>Counts what a cell proves.</summary>
    public void Count(in DateReadings readings)
    {
        if (readings.Readable == 0)
        {
            return;
        }

        if (System.Numerics.BitOperations.IsPow2(readings.Readable))
        {
            _proving[System.Numerics.BitOperations.TrailingZeroCount(readings.Readable)]++;
        }
        else if (!IsOneDay(readings, out _))
        {
            _ambiguous++;
        }
    }

    /// <summary>All cells have been counted.</summary>
    public void Settle() => _isSettled = true;

    /// <summary>Adds what other cells of the column prove; ignored once all have been counted.</summary>
    public void Merge(DateProof other)
    {
        if (!_isSettled)
        {
            Add(other);
        }
    }

    /// <summary>Knows what <paramref name="settled"/> knows once all cells have been counted, and nothing before.</summary>
    public void Restart(DateProof settled)
    {
        Array.Clear(_proving);
        (_ambiguous, _fixed, _isSettled) = (0, 0, settled._isSettled);
        if (_isSettled)
        {
            Add(settled);
        }
    }

    /// <summary>Reads a cell by what the column has proven.</summary>
    public CellStatus Decide(in DateReadings readings, out DateTime time)
    {
        if (IsOneDay(readings, out time))
        {
            return readings.Readable == 0 ? CellStatus.Wrong : CellStatus.Plain;
        }

        var proven = 0;
        for (var order = 0; order < DateReadings.Orders; order++)
        {
            if (readings.Has((DateOrder)order) && _proving[order] > 0)
            {
                proven++;
                time = readings[(DateOrder)order];
            }
        }

        return proven == 1 ? CellStatus.Plain : CellStatus.Ambiguous;
    }

    /// <summary>What was decided for <paramref name="column"/>, or null if there was nothing to decide.</summary>
    public StepDecision? Decision(string column)
    {
        var best = 0;
        var total = 0L;
        for (var order = 0; order < DateReadings.Orders; order++)
        {
            best = _proving[order] > _proving[best] ? order : best;
            total += _proving[order];
        }

        if (total == 0)
        {
            // Without a proof, cells that tell their day by themselves speak only if there are no others.
            return _ambiguous > 0 ? new StepDecision(column, "unproven", 0, 0)
                : _fixed > 0 ? new StepDecision(column, "ymd", _fixed, 0)
                : null;
        }

        var contradicting = total - _proving[best];
        var name = contradicting > 0 ? "unproven" : ((DateOrder)best).ToString().ToLowerInvariant();
        return new StepDecision(column, name, _proving[best], contradicting);
    }

    private void Add(DateProof other)
    {
        for (var order = 0; order < DateReadings.Orders; order++)
        {
            _proving[order] += other._proving[order];
        }

        _ambiguous += other._ambiguous;
        _fixed += other._fixed;
    }

    private static bool IsOneDay(in DateReadings readings, out DateTime time)
    {
        time = default;
        var isFirst = true;
        for (var order = 0; order < DateReadings.Orders; order++)
        {
            if (!readings.Has((DateOrder)order))
            {
                continue;
            }

            if (!isFirst && readings[(DateOrder)order] != time)
            {
                return false;
            }

            time = readings[(DateOrder)order];
            isFirst = false;
        }

        return true;
    }
}
