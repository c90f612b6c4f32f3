using System.Collections.Immutable;

namespace OrleansClean.Batches;

/// <summary>
/// Everything that can happen to a batch. Each may come late, twice, or never. <see cref="At"/> is the caller's clock and
/// <see cref="Chance"/> its dice (0 to 1): the coordinator has neither.
/// </summary>
public abstract record BatchInput
{
    private BatchInput()
    {
    }

    /// <summary>When it happened.</summary>
    public required Moment At { get; init; }

    /// <summary>Spreads retries: 0 to 1.</summary>
    public double Chance { get; init; }

    /// <summary>Of an answer to an effect: the effect's <see cref="BatchEffect.Round"/>. An answer of an earlier round counts no more.</summary>
    public int Round { get; init; }

    /// <summary>A coordinator took over: it is the only one from here on.</summary>
    public sealed record Open(long Incarnation) : BatchInput;

    /// <summary>Somebody wants this batch done.</summary>
    public sealed record Submit(BatchSpec Spec) : BatchInput;

    /// <summary>The inputs are listed and frozen in a document. <see cref="Items"/> counts pieces as well.</summary>
    public sealed record ListingDone(string Document, int Items) : BatchInput
    {
        /// <summary>The pieces of the first items: <see cref="BatchEvent.Listed.Pieces"/>.</summary>
        public ImmutableArray<int> Pieces { get; init; } = [];
    }

    /// <summary>The inputs could not be listed.</summary>
    public sealed record ListingFailed(Failure Failure) : BatchInput;

    /// <summary>
    /// A worker asks for work and says what it holds. <see cref="Sequence"/> grows with every call of this worker; at most
    /// one call is under way at a time.
    /// </summary>
    public sealed record Take(WorkerId Worker, long Sequence, int FreeSlots, ImmutableArray<AttemptId> Held) : BatchInput;

    /// <summary>A worker says how an attempt ended.</summary>
    public sealed record Report(AttemptId Attempt, AttemptOutcome Outcome) : BatchInput;

    /// <summary>A commit was tried, and its outcome was read from the store.</summary>
    public sealed record CommitResolved(AttemptId Attempt, CommitOutcome Outcome) : BatchInput;

    /// <summary>The gate's conditions were looked at.</summary>
    public sealed record GateDecided(bool IsOpen, string Message) : BatchInput
    {
        /// <summary>Staged items that fail whatever the gate does: they do not go with the others.</summary>
        public ImmutableArray<RefusedItem> Refused { get; init; } = [];
    }

    /// <summary>What the items published was made one. <see cref="Result"/> is for the report.</summary>
    public sealed record Joined(string Result) : BatchInput;

    /// <summary>What other batches, stages and temporary files are left of this batch is gone.</summary>
    public sealed record Swept : BatchInput;

    /// <summary>The manifest is written.</summary>
    public sealed record ManifestWritten : BatchInput;

    /// <summary>The report is written, last of all.</summary>
    public sealed record ReportWritten : BatchInput;

    /// <summary>Sweeping, manifest or report did not work; it is tried again.</summary>
    public sealed record FinishFailed(Failure Failure) : BatchInput;

    /// <summary>Somebody wants the batch to end now.</summary>
    public sealed record Cancel : BatchInput;

    /// <summary>
    /// Somebody goes on with a batch that is not done: under <see cref="Spec"/>, where limits may be others, or as it is. Its time
    /// begins anew.
    /// </summary>
    public sealed record Continue(BatchSpec? Spec) : BatchInput;

    /// <summary>Somebody wants failed and cancelled items of a finished batch tried again.</summary>
    public sealed record RetryFailed : BatchInput;

    /// <summary>Time passed.</summary>
    public sealed record Tick : BatchInput;
}

/// <summary>A staged item that is not to be published.</summary>
/// <param name="Item">The item.</param>
/// <param name="Failure">Why.</param>
public sealed record RefusedItem(int Item, Failure Failure);

/// <summary>How an attempt ended, as its worker saw it.</summary>
public abstract record AttemptOutcome
{
    private AttemptOutcome()
    {
    }

    /// <summary>The outputs are staged, invisible. <see cref="Staged"/> is for the executor: what to commit.</summary>
    public sealed record Ready(string Staged) : AttemptOutcome
    {
        /// <summary>What must be durable before it counts and has no place in the journal: <see cref="BatchEvent.Aside"/>.</summary>
        public ReadOnlyMemory<byte> Aside { get; init; }
    }

    /// <summary>
    /// There is nothing to publish: the outputs are up to date, and <see cref="Summary"/> is for the report. Of a piece: it is done, and what it made
    /// is published with its item.
    /// </summary>
    public sealed record Unchanged(string Summary) : AttemptOutcome;

    /// <summary>It did not work.</summary>
    public sealed record Failed(Failure Failure) : AttemptOutcome;

    /// <summary>The worker gives the attempt back: it is stopping. This is nobody's fault and costs no retry.</summary>
    public sealed record Released : AttemptOutcome;
}

/// <summary>What the store says of a commit, after looking.</summary>
public abstract record CommitOutcome
{
    private CommitOutcome()
    {
    }

    /// <summary>Published, by this intent.</summary>
    public sealed record Published(string Summary) : CommitOutcome;

    /// <summary>Somebody else's object stands there now.</summary>
    public sealed record Conflict(string Message) : CommitOutcome;

    /// <summary>The staged blocks are gone and the output is as it was: the work must be done again.</summary>
    public sealed record StageLost : CommitOutcome;

    /// <summary>The store refused: nothing was written and nothing will be.</summary>
    public sealed record Refused(Failure Failure) : CommitOutcome;

    /// <summary>Nothing is known: the same intent must be sent again.</summary>
    public sealed record Unknown : CommitOutcome;
}
