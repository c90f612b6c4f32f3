using System.Collections.Immutable;

namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>What may go wrong in a world. Each run switches some of it on.</summary>
[Flags]
internal enum Faults
{
    /// <summary>Nothing does.</summary>
    None = 0,

    /// <summary>Messages and answers are lost.</summary>
    Drop = 1 << 0,

    /// <summary>Messages arrive twice.</summary>
    Copy = 1 << 1,

    /// <summary>Messages overtake one another and come late.</summary>
    Delay = 1 << 2,

    /// <summary>The store does nothing and answers with an error: 409, 412, 429, 500, 503, a short body, a reset.</summary>
    StoreBefore = 1 << 3,

    /// <summary>The store does it and answers with an error, or not at all.</summary>
    StoreAfter = 1 << 4,

    /// <summary>The store answers with an error, or not at all, and does it later.</summary>
    StoreLate = 1 << 5,

    /// <summary>The store refuses: no permission, no space.</summary>
    StoreRefuses = 1 << 6,

    /// <summary>A coordinator's process dies.</summary>
    CoordinatorDies = 1 << 7,

    /// <summary>A second coordinator opens while the first lives on.</summary>
    CoordinatorDoubles = 1 << 8,

    /// <summary>A worker's process dies and starts again.</summary>
    WorkerDies = 1 << 9,

    /// <summary>A worker starts again while its older process lives on.</summary>
    WorkerDoubles = 1 << 10,

    /// <summary>Clocks of coordinators differ by up to an hour.</summary>
    Skew = 1 << 11,

    /// <summary>Somebody else writes under the names of outputs.</summary>
    Stranger = 1 << 12,

    /// <summary>What is staged vanishes.</summary>
    StageLost = 1 << 13,

    /// <summary>Attempts fail, for a while or for good, or find their output up to date.</summary>
    ItemFails = 1 << 14,

    /// <summary>A coordinator dies in the middle of its append: some of its events stand.</summary>
    PartialAppend = 1 << 15,

    /// <summary>Segments of the journal are closed.</summary>
    Rolls = 1 << 16,

    /// <summary>Somebody cancels.</summary>
    Cancels = 1 << 17,

    /// <summary>Somebody retries.</summary>
    Retries = 1 << 18,

    /// <summary>Everything.</summary>
    All = (1 << 19) - 1,
}

/// <summary>How a thing that can go wrong goes.</summary>
internal enum Fate
{
    /// <summary>As it should.</summary>
    Good,

    /// <summary>Not done; the caller is told of an error and sees by looking what stands there.</summary>
    Before,

    /// <summary>Done; the caller is told of an error and cannot look.</summary>
    After,

    /// <summary>Done later; the caller is told of an error now.</summary>
    Late,

    /// <summary>Refused for a reason that does not pass.</summary>
    Refused,

    /// <summary>Done in part; the caller dies.</summary>
    Part,

    /// <summary>Of an attempt: its outputs are staged.</summary>
    Ready,

    /// <summary>Of an attempt: its outputs are up to date.</summary>
    Unchanged,

    /// <summary>Of an attempt: it failed, and trying again may help.</summary>
    Passing,

    /// <summary>Of an attempt: it failed for good.</summary>
    Lasting,

    /// <summary>Of an attempt: its worker gives it back.</summary>
    Released,
}

/// <summary>The size and the manners of a world.</summary>
/// <param name="Items">Items of the batch.</param>
/// <param name="Workers">Names of workers.</param>
/// <param name="Faults">What may go wrong.</param>
/// <param name="Spec">The batch.</param>
internal sealed record WorldPlan(int Items, int Workers, Faults Faults, BatchSpec Spec)
{
    /// <summary>Objects that an item publishes, in order; the last is its output.</summary>
    public int Objects { get; init; } = 1;

    /// <summary>Pieces of item 0, 1, …; <see cref="Items"/> counts them, and they come last.</summary>
    public ImmutableArray<int> Pieces { get; init; } = [];

    /// <summary>True if an item is a piece of another one.</summary>
    public bool IsPiece(int item) => item >= Items - Pieces.Sum();

    /// <summary>Sweeping removes what is staged, as in a folder; else it only expires, as with blobs.</summary>
    public bool IsFolder { get; init; }

    /// <summary>The machine's dice always show the same: paths of another length lead to the same world.</summary>
    public bool HasNoChance { get; init; }

    /// <summary>Coordinators that are alive at once.</summary>
    public int CoordinatorsMax { get; init; } = 3;

    /// <summary>What is wanted as a batch of a world.</summary>
    public static BatchSpec SpecOf(bool hasGate) => new() { Id = "b", BodyHash = "x", BodyDocument = "body-x", HasGate = hasGate, RetriesMax = 2, LossesMax = 4 };
}
