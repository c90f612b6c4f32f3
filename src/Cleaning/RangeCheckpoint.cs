using System.Collections.Immutable;
using OrleansClean.Cleaning.Ledgers;

namespace OrleansClean.Cleaning;

/// <summary>
/// How far the deciding pass over a large file has come, between two ranges: all that is needed to go on from there, but for the measures of barriers,
/// which are taken again. It holds no cell.
/// </summary>
public sealed record RangeCheckpoint
{
    /// <summary>The physical line of the next record.</summary>
    public required long Line { get; init; }

    /// <summary>Records before it.</summary>
    public required long RecordsBefore { get; init; }

    /// <summary>Where it begins in the decoded input.</summary>
    public required long ByteOffset { get; init; }

    /// <summary>Lines without a character so far, behind the header.</summary>
    public required long BlankLines { get; init; }

    /// <summary>Records with broken quotes so far.</summary>
    public required int Broken { get; init; }

    /// <summary>Bytes of output so far.</summary>
    public required long BytesOut { get; init; }

    /// <summary>The rejected rows have begun: their header stands.</summary>
    public required bool HasRejectRows { get; init; }

    /// <summary>How the file was read so far.</summary>
    public required RangeReport Reading { get; init; }

    /// <summary>Bytes of the next stretch of one reader.</summary>
    public required long OneReaderNext { get; init; }

    /// <summary>The counts of reading and of every step.</summary>
    public required ImmutableArray<StepCheckpoint> Steps { get; init; }

    /// <summary>The counts of every expectation; its samples name lines.</summary>
    public required ImmutableArray<ExpectationReport> Expectations { get; init; }

    /// <summary>The first rejected row.</summary>
    public RejectPlace? FirstReject { get; init; }

    /// <summary>A formula asked for the time.</summary>
    public bool ClockWasRead { get; init; }
}

/// <summary>What one step counted so far.</summary>
public sealed record StepCheckpoint(
    long Dropped, long DroppedNull, long DroppedFalse, long Rejected, long CellsChanged, ImmutableSortedDictionary<string, long> Codes);

/// <summary>
/// Keeps checkpoints of one file. Both methods are called while nothing of the file is in work; what was written to the outputs before a checkpoint
/// is saved was written to their streams.
/// </summary>
public interface ICleaningCheckpoints
{
    /// <summary>
    /// The checkpoint to go on from; null to begin at the beginning. Then the outputs, which nobody has asked for yet, hold what they held at
    /// the checkpoint and take what follows.
    /// </summary>
    RangeCheckpoint? Find();

    /// <summary>Keeps a checkpoint. What it throws fails the file.</summary>
    void Save(RangeCheckpoint checkpoint);
}
