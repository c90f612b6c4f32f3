using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace OrleansClean.Batches;

/// <summary>
/// What is true from now on. Events are the journal's lines; <see cref="BatchState.Apply"/> is the only code that turns them
/// into state, live and on load.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "e")]
[JsonDerivedType(typeof(Opened), "opened")]
[JsonDerivedType(typeof(Submitted), "submitted")]
[JsonDerivedType(typeof(Listed), "listed")]
[JsonDerivedType(typeof(ListingGivenUp), "listing-given-up")]
[JsonDerivedType(typeof(Dispatched), "dispatched")]
[JsonDerivedType(typeof(AttemptLost), "lost")]
[JsonDerivedType(typeof(AttemptReleased), "released")]
[JsonDerivedType(typeof(AttemptFailed), "attempt-failed")]
[JsonDerivedType(typeof(ItemStaged), "staged")]
[JsonDerivedType(typeof(IntentRecorded), "intent")]
[JsonDerivedType(typeof(ItemCommitted), "committed")]
[JsonDerivedType(typeof(ItemUnchanged), "unchanged")]
[JsonDerivedType(typeof(ItemFailed), "failed")]
[JsonDerivedType(typeof(StopRequested), "stop")]
[JsonDerivedType(typeof(GateOpened), "gate-opened")]
[JsonDerivedType(typeof(GateClosed), "gate-closed")]
[JsonDerivedType(typeof(JoinDone), "joined")]
[JsonDerivedType(typeof(SweepDone), "swept")]
[JsonDerivedType(typeof(ManifestDone), "manifest")]
[JsonDerivedType(typeof(Finished), "finished")]
[JsonDerivedType(typeof(Reopened), "reopened")]
[JsonDerivedType(typeof(Continued), "continued")]
[JsonDerivedType(typeof(SnapshotTaken), "snapshot")]
[JsonDerivedType(typeof(WorkerSeen), "seen")]
[JsonDerivedType(typeof(CommitPostponed), "commit-postponed")]
[JsonDerivedType(typeof(FinishPostponed), "finish-postponed")]
public abstract record BatchEvent
{
    private BatchEvent()
    {
    }

    /// <summary>False for what a restart may forget, such as heartbeats: it is applied and not written.</summary>
    [JsonIgnore]
    public virtual bool IsDurable => true;

    /// <summary>
    /// Lines that must be durable before this event and have no place in the journal, which holds no cell: whoever writes the event keeps them beside it
    /// first. Not known to the state, and not there when the event is read again.
    /// </summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Aside { get; init; }

    /// <summary>Where the lines are kept; null if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AsidePlace? Kept { get; init; }

    /// <summary>A coordinator took over.</summary>
    public sealed record Opened(long Incarnation, Moment At) : BatchEvent;

    /// <summary>The batch exists.</summary>
    public sealed record Submitted(BatchSpec Spec, Moment At) : BatchEvent;

    /// <summary>The inputs are frozen. <see cref="Items"/> counts pieces as well.</summary>
    public sealed record Listed(string Document, int Items) : BatchEvent
    {
        /// <summary>
        /// The pieces of item 0, 1, … that several workers share; an item behind these has none. A piece is an item without an output: it has its place
        /// behind all items that have one, those of item 0 first. An item waits until its pieces are done or have failed. Null if there are none.
        /// </summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public ImmutableArray<int>? Pieces { get; init; }
    }

    /// <summary>The inputs cannot be listed: the batch ends.</summary>
    public sealed record ListingGivenUp(Failure Failure) : BatchEvent;

    /// <summary>An attempt belongs to a worker.</summary>
    public sealed record Dispatched(AttemptId Attempt, WorkerId Worker, Moment At) : BatchEvent;

    /// <summary>An attempt is taken away from its worker; the item does not go back to that worker before a moment.</summary>
    public sealed record AttemptLost(AttemptId Attempt, string Worker, Moment NotThereBefore) : BatchEvent;

    /// <summary>A worker gave an attempt back.</summary>
    public sealed record AttemptReleased(AttemptId Attempt) : BatchEvent;

    /// <summary>An attempt failed and another one follows.</summary>
    public sealed record AttemptFailed(AttemptId Attempt, Failure Failure, Moment RetryAt) : BatchEvent;

    /// <summary>An item is ready and waits for the gate.</summary>
    public sealed record ItemStaged(AttemptId Attempt, string Staged) : BatchEvent;

    /// <summary>This, and nothing else, is going to be published for the item.</summary>
    public sealed record IntentRecorded(AttemptId Attempt, string Staged) : BatchEvent;

    /// <summary>The item is published.</summary>
    public sealed record ItemCommitted(AttemptId Attempt, string Summary) : BatchEvent;

    /// <summary>The item's output was up to date.</summary>
    public sealed record ItemUnchanged(AttemptId Attempt, string Summary) : BatchEvent;

    /// <summary>The item failed for good.</summary>
    public sealed record ItemFailed(AttemptId Attempt, Failure Failure) : BatchEvent;

    /// <summary>No item is dispatched or published any more, but for intents already recorded.</summary>
    public sealed record StopRequested(StopReason Reason) : BatchEvent;

    /// <summary>All staged items are to be published.</summary>
    public sealed record GateOpened : BatchEvent;

    /// <summary>No staged item is published.</summary>
    public sealed record GateClosed(string Message) : BatchEvent;

    /// <summary>What the items published is one.</summary>
    public sealed record JoinDone(string Result) : BatchEvent;

    /// <summary>Nothing temporary is left.</summary>
    public sealed record SweepDone : BatchEvent;

    /// <summary>The manifest stands.</summary>
    public sealed record ManifestDone : BatchEvent;

    /// <summary>The batch is done.</summary>
    public sealed record Finished : BatchEvent;

    /// <summary>Failed and cancelled items wait again.</summary>
    public sealed record Reopened(Moment At) : BatchEvent;

    /// <summary>The batch goes on under these limits, and its time begins anew.</summary>
    public sealed record Continued(BatchSpec Spec, Moment At) : BatchEvent;

    /// <summary>The whole state, at the head of a segment.</summary>
    public sealed record SnapshotTaken(BatchSnapshot Snapshot) : BatchEvent;

    /// <summary>A worker was heard of. Forgotten by a restart: leases then begin anew.</summary>
    public sealed record WorkerSeen(WorkerId Worker, long Sequence, Moment LeaseUntil) : BatchEvent
    {
        /// <inheritdoc />
        public override bool IsDurable => false;
    }

    /// <summary>A commit of unknown outcome is sent again at a moment.</summary>
    public sealed record CommitPostponed(AttemptId Attempt, Moment Until) : BatchEvent
    {
        /// <inheritdoc />
        public override bool IsDurable => false;
    }

    /// <summary>Finishing is tried again at a moment.</summary>
    public sealed record FinishPostponed(Moment Until) : BatchEvent
    {
        /// <inheritdoc />
        public override bool IsDurable => false;
    }
}

/// <summary>Why a batch stops early.</summary>
public enum StopReason
{
    /// <summary>Somebody cancelled it.</summary>
    Cancelled,

    /// <summary>Its time is over.</summary>
    TimedOut,
}
