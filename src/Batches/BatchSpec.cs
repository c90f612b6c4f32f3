using System.Text.Json.Serialization;

namespace OrleansClean.Batches;

/// <summary>The kinds of work. Each has one executor; adding one adds a name here and an executor there.</summary>
public enum WorkKind
{
    /// <summary>Clean one file of a folder or container per item.</summary>
    CleanFiles,

    /// <summary>Call a function for the lines of one chunk of inputs per item.</summary>
    Map,

    /// <summary>Transform one range of a numeric array per item.</summary>
    Array,
}

/// <summary>What a batch is, fixed at submit. Two submits of one id are the same if their <see cref="BodyHash"/> is.</summary>
public sealed record BatchSpec
{
    /// <summary>The batch's id: unique within its output root.</summary>
    public required string Id { get; init; }

    /// <summary>The kind of work.</summary>
    public WorkKind Kind { get; init; }

    /// <summary>SHA-256 of everything that the caller asked for: plan, parameters, inputs as written, output root.</summary>
    public required string BodyHash { get; init; }

    /// <summary>The document that holds what the caller asked for, named by its hash. The coordinator never reads it.</summary>
    public required string BodyDocument { get; init; }

    /// <summary>Nothing is published before every item is ready and the limits hold.</summary>
    public bool HasGate { get; init; }

    /// <summary>
    /// What the items publish is a part each, and one thing is made of all parts when every item is settled. Such a batch has a
    /// gate, and is tried again as a whole.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasJoin { get; init; }

    /// <summary>Further attempts after a failure that may pass.</summary>
    public int RetriesMax { get; init; } = 3;

    /// <summary>Attempts that may be lost with their worker before the item counts as the culprit.</summary>
    public int LossesMax { get; init; } = 10;

    /// <summary>How long a worker that is not heard of keeps its attempts.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one attempt may take, or null.</summary>
    public TimeSpan? ItemTimeout { get; init; }

    /// <summary>How long the batch may take from its submit, or null.</summary>
    public TimeSpan? BatchTimeout { get; init; }

    /// <summary>The wait before the first retry; it doubles with each, up to <see cref="RetryDelayMax"/>.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait before a retry.</summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromMinutes(1);
}
