using System.Collections.Immutable;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Steps;

namespace OrleansClean.Cleaning;

/// <summary>What one step did so far. Rows in and out follow from the steps before.</summary>
internal sealed class StepCounts
{
    private readonly SortedDictionary<string, long> _codes = new(StringComparer.Ordinal);

    /// <summary>Rows removed by rule.</summary>
    public long Dropped { get; private set; }

    /// <summary>Of these, rows whose condition was null.</summary>
    public long DroppedNull { get; private set; }

    /// <summary>Of these, rows whose condition was false.</summary>
    public long DroppedFalse { get; private set; }

    /// <summary>Bad rows.</summary>
    public long Rejected { get; private set; }

    /// <summary>Cells changed in rows that left the step.</summary>
    public long CellsChanged { get; set; }

    /// <summary>Counts a row that a rule removed.</summary>
    public void Drop(StepResult result)
    {
        Dropped++;
        DroppedNull += result == StepResult.DropNull ? 1 : 0;
        DroppedFalse += result == StepResult.DropFalse ? 1 : 0;
    }

    /// <summary>Counts a bad row.</summary>
    public void Reject(string code)
    {
        Rejected++;
        _codes[code] = _codes.GetValueOrDefault(code) + 1;
    }

    /// <summary>Adds the counts of other rows.</summary>
    public void Add(StepCounts other)
    {
        Dropped += other.Dropped;
        DroppedNull += other.DroppedNull;
        DroppedFalse += other.DroppedFalse;
        Rejected += other.Rejected;
        CellsChanged += other.CellsChanged;
        foreach (var (code, rows) in other._codes)
        {
            _codes[code] = _codes.GetValueOrDefault(code) + rows;
        }
    }

    /// <summary>What was counted.</summary>
    public StepCheckpoint Checkpoint() =>
        new(Dropped, DroppedNull, DroppedFalse, Rejected, CellsChanged, _codes.ToImmutableSortedDictionary(StringComparer.Ordinal));

    /// <summary>Goes on counting from <paramref name="checkpoint"/>.</summary>
    public void Restore(StepCheckpoint checkpoint)
    {
        Clear();
        (Dropped, DroppedNull, DroppedFalse) = (checkpoint.Dropped, checkpoint.DroppedNull, checkpoint.DroppedFalse);
        (Rejected, CellsChanged) = (checkpoint.Rejected, checkpoint.CellsChanged);
        foreach (var (code, rows) in checkpoint.Codes)
        {
            _codes[code] = rows;
        }
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        (Dropped, DroppedNull, DroppedFalse, Rejected, CellsChanged) = (0, 0, 0, 0, 0);
        _codes.Clear();
    }

    /// <summary>The step's part of the ledger, for <paramref name="rowsIn"/> rows that reached it.</summary>
    public StepReport Report(int index, string id, string verb, long rowsIn, RowStep? step) => new()
    {
        Index = index,
        Id = id,
        Verb = verb,
        Rows = new RowCounts(rowsIn, rowsIn - Dropped - Rejected, Dropped, Rejected),
        DroppedNull = DroppedNull,
        DroppedFalse = DroppedFalse,
        CellsChanged = CellsChanged,
        Codes = _codes.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Decisions = step is null ? [] : [.. step.Decisions],
    };
}
