using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansClean.Batches;
using OrleansClean.Cleaning;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// One open batch as a worker pool sees it: in one process the coordinator itself, on a cluster a grain. Every call may be repeated.
/// Throws <see cref="WorkUnavailableException"/> where the answer is not known; then the same is sent again.
/// </summary>
public interface IWorkSource
{
    /// <summary>The batch, unique among the sources of a pool.</summary>
    string Id { get; }

    /// <summary>Asks for work and says what is held. One call of a pool and batch is under way at a time.</summary>
    Task<TakeReply> TakeAsync(TakeRequest request, CancellationToken cancellationToken);

    /// <summary>Says how an attempt ended.</summary>
    Task<ReportReply> ReportAsync(AttemptReport report, CancellationToken cancellationToken);
}

/// <summary>The open batches, to be asked in turn.</summary>
public interface IOpenBatches
{
    /// <summary>The batches that may have work now. Called every <see cref="WorkerPoolOptions.RefreshEvery"/> and when <see cref="WorkerPool.Wake"/> is.</summary>
    Task<IReadOnlyList<IWorkSource>> FindAsync(CancellationToken cancellationToken);
}

/// <summary>A worker pool asks for work.</summary>
/// <param name="Worker">The pool's name with its generation.</param>
/// <param name="Sequence">Grows with every call of this pool.</param>
/// <param name="FreeSlots">Attempts that it could begin.</param>
/// <param name="Held">Attempts of this batch that it has and has not reported.</param>
public sealed record TakeRequest(WorkerId Worker, long Sequence, int FreeSlots, ImmutableArray<AttemptId> Held)
{
    /// <summary>Attempts of this batch that it has and has not reported. A sender of another version may leave the list out: then it is empty.</summary>
    public ImmutableArray<AttemptId> Held { get; init; } = Held.IsDefault ? [] : Held;
}

/// <summary>What a worker pool gets.</summary>
/// <param name="Attempts">Attempts to begin.</param>
/// <param name="Stop">Held attempts that nobody wants any more.</param>
/// <param name="Place">Where the batch's documents are; null if there is nothing to begin.</param>
/// <param name="IsOver">True if this batch will not have work again.</param>
public sealed record TakeReply(ImmutableArray<AttemptId> Attempts, ImmutableArray<AttemptId> Stop, BatchPlace? Place, bool IsOver)
{
    /// <summary>Attempts to begin. A sender of another version may leave the list out: then it is empty.</summary>
    [JsonPropertyOrder(-2)]
    public ImmutableArray<AttemptId> Attempts { get; init; } = Attempts.IsDefault ? [] : Attempts;

    /// <summary>Held attempts that nobody wants any more; empty if they are left out.</summary>
    [JsonPropertyOrder(-1)]
    public ImmutableArray<AttemptId> Stop { get; init; } = Stop.IsDefault ? [] : Stop;
}

/// <summary>Where a worker finds what an attempt needs.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="OutputRoot">The store that holds its documents and will hold its outputs.</param>
/// <param name="Body">The name of the submission's document.</param>
/// <param name="Listing">The name of the listing's document.</param>
public sealed record BatchPlace(string BatchId, string OutputRoot, string Body, string Listing)
{
    /// <summary>The kind of work. A sender that knows one kind only leaves it out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public WorkKind Kind { get; init; }

    /// <summary>Where a batch's documents are; null before its inputs are listed.</summary>
    public static BatchPlace? Of(string id, string outputRoot, Coordination.BatchOverview overview) =>
        overview is { Body: { } body, Listing: { } listing } ? new BatchPlace(id, outputRoot, body, listing) { Kind = overview.Kind } : null;
}

/// <summary>How an attempt ended.</summary>
public enum AttemptResult
{
    /// <summary>Its outputs are staged; the payload names them.</summary>
    Ready,

    /// <summary>Its outputs are up to date; the payload is its summary.</summary>
    Unchanged,

    /// <summary>It did not work.</summary>
    Failed,

    /// <summary>The pool gives it back.</summary>
    Released,
}

/// <summary>A pool tells how an attempt ended: <see cref="AttemptOutcome"/> in a form that travels.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Payload">What is staged, or the summary.</param>
/// <param name="Failure">Why it failed.</param>
public sealed record AttemptReport(AttemptId Attempt, AttemptResult Result, string? Payload, Failure? Failure)
{
    /// <summary>What goes with the payload and has no place in the journal; null if nothing does.</summary>
    public ReadOnlyMemory<byte>? Aside { get; init; }

    /// <summary>Of an outcome.</summary>
    public static AttemptReport Of(AttemptId attempt, AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Ready ready => new(attempt, AttemptResult.Ready, ready.Staged, null) { Aside = ready.Aside.IsEmpty ? null : ready.Aside },
        AttemptOutcome.Unchanged unchanged => new(attempt, AttemptResult.Unchanged, unchanged.Summary, null),
        AttemptOutcome.Failed failed => new(attempt, AttemptResult.Failed, null, failed.Failure),
        _ => new(attempt, AttemptResult.Released, null, null),
    };

    /// <summary>The coordinator's word for it.</summary>
    public AttemptOutcome ToOutcome() => Result switch
    {
        AttemptResult.Ready => new AttemptOutcome.Ready(Payload ?? "") { Aside = Aside ?? default },
        AttemptResult.Unchanged => new AttemptOutcome.Unchanged(Payload ?? ""),
        AttemptResult.Failed => new AttemptOutcome.Failed(Failure ?? new Failure(ProblemCodes.InternalError, "The worker did not say why.", IsTransient: false)),
        _ => new AttemptOutcome.Released(),
    };
}

/// <summary>A report was heard.</summary>
/// <param name="Counted">False if it came too late to count.</param>
public sealed record ReportReply(bool Counted);

/// <summary>Nobody answers for a batch right now.</summary>
public sealed class WorkUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
