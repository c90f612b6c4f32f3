using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace OrleansClean.Batches;

/// <summary>
/// A batch's whole state in a form that grows with its variety, not with its length: equal neighbours are one run.
/// Waits and leases are not in it: after a restart every lease begins anew and a retry may come at once.
/// </summary>
public sealed record BatchSnapshot
{
    /// <summary>The coordinator's incarnation.</summary>
    public long Incarnation { get; init; }

    /// <summary>What the batch is; null before its submit.</summary>
    public BatchSpec? Spec { get; init; }

    /// <summary>When it was submitted.</summary>
    public Moment SubmittedAt { get; init; }

    /// <summary>How far it is.</summary>
    public BatchPhase Phase { get; init; }

    /// <summary>How often it was reopened.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Round { get; init; }

    /// <summary>The listing's document, or null.</summary>
    public string? Listing { get; init; }

    /// <summary>Why it stops early, or null.</summary>
    public StopReason? Stop { get; init; }

    /// <summary>Why the gate stayed closed, or why the inputs could not be listed; null if neither is so.</summary>
    public string? Message { get; init; }

    /// <summary>The gate was opened.</summary>
    public bool IsGateOpen { get; init; }

    /// <summary>What became of the join; null before it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? JoinResult { get; init; }

    /// <summary>Nothing temporary is left.</summary>
    public bool IsSwept { get; init; }

    /// <summary>The manifest stands.</summary>
    public bool HasManifest { get; init; }

    /// <summary>The items, as runs of equal neighbours.</summary>
    public ImmutableArray<ItemRun> Items { get; init; } = [];

    /// <summary>The pieces of the first items: <see cref="BatchEvent.Listed.Pieces"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<int>? Pieces { get; init; }

    /// <summary>What running attempts belong to whom.</summary>
    public ImmutableArray<RunningItem> Running { get; init; } = [];

    /// <summary>What is staged for items that are staged or about to be published.</summary>
    public ImmutableArray<StagedItem> Staged { get; init; } = [];
}

/// <summary><paramref name="Count"/> neighbouring items that are alike.</summary>
public sealed record ItemRun(int Count, ItemStatus Status, int Attempt, int Failures, int Losses);

/// <summary>A running attempt.</summary>
public sealed record RunningItem(int Item, WorkerId Worker, Moment Since);

/// <summary>What is staged for an item.</summary>
public sealed record StagedItem(int Item, string Staged);

/// <summary>How far a batch is.</summary>
public enum BatchPhase
{
    /// <summary>Nobody asked for it yet.</summary>
    New,

    /// <summary>Its inputs are being listed.</summary>
    Listing,

    /// <summary>Items are worked on.</summary>
    Running,

    /// <summary>All items are settled; sweep, manifest and report follow.</summary>
    Finishing,

    /// <summary>The report stands.</summary>
    Done,
}

/// <summary>How far an item is.</summary>
public enum ItemStatus : byte
{
    /// <summary>It waits for a worker.</summary>
    Waiting,

    /// <summary>An attempt is under way.</summary>
    Running,

    /// <summary>It is ready and waits for the gate.</summary>
    Staged,

    /// <summary>It is about to be published.</summary>
    Intent,

    /// <summary>It is published.</summary>
    Committed,

    /// <summary>Its output was up to date.</summary>
    Unchanged,

    /// <summary>It failed for good.</summary>
    Failed,

    /// <summary>The batch stopped before it was done.</summary>
    Cancelled,
}
