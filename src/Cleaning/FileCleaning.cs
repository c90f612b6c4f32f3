using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning;

/// <summary>Where the engine writes. Each stream is asked for at most once, when its first byte is due, and is not closed here.</summary>
public interface ICleaningOutputs
{
    /// <summary>The cleaned file. Always asked for when a file is cleaned, even if it has no rows.</summary>
    Stream OpenOutput();

    /// <summary>One JSON record per rejected row (<c>rejects/PATH.jsonl</c>).</summary>
    Stream OpenRejectRecords();

    /// <summary>The rejected rows as they stand in the input, under its header.</summary>
    Stream OpenRejectRows();
}

/// <summary>One file to clean: everything the engine needs, and nothing it must look up.</summary>
public sealed record FileCleaning
{
    /// <summary>The plan.</summary>
    public required Plan Plan { get; init; }

    /// <summary>The input's name, as rejects and messages show it.</summary>
    public required string InputName { get; init; }

    /// <summary>Opens the input from its beginning; called once per pass. Every call must give the same bytes.</summary>
    public required Func<Stream> OpenInput { get; init; }

    /// <summary>Where to write.</summary>
    public required ICleaningOutputs Outputs { get; init; }

    /// <summary>The batch's id, for the reject records.</summary>
    public required string BatchId { get; init; }

    /// <summary>The frozen time of the batch, UTC: what <c>today()</c> and <c>now()</c> give.</summary>
    public required DateTime Now { get; init; }

    /// <summary>The bounds.</summary>
    public Limits Limits { get; init; } = Limits.Default;

    /// <summary>
    /// For an input that arrives bit by bit: true if the next read need not wait. Then what has come is cleaned and written before
    /// more is waited for. Null for an input that is there.
    /// </summary>
    public Func<bool>? InputIsReady { get; init; }

    /// <summary>Keeps checkpoints of a large file, or null. Files that are not cut into ranges have none.</summary>
    public ICleaningCheckpoints? Checkpoints { get; init; }

    /// <summary>Bytes of the input as stored; 0 if nobody knows.</summary>
    public long InputBytes { get; init; }

    /// <summary>False if the output is one part of a combined one, whose header comes from the first part.</summary>
    public bool WriteHeader { get; init; } = true;

    /// <summary>How the reader is tuned; null for what the environment says. Never changes what is made: tests force it.</summary>
    internal ReaderTuning? Tuning { get; init; }

    /// <summary>Told of bytes read and rows done since the last call, about once per buffer.</summary>
    public Action<long, long>? Progress { get; init; }
}
