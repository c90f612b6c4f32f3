using OrleansClean.Execution.Coordination;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// Runs batches: in this process, or on a cluster behind a client. What is asked for twice happens once. Whatever cannot be done
/// is told by the reply; what is thrown is the caller's cancellation, which ends the caller's wait and nothing else, or a bug.
/// Safe for many threads.
/// </summary>
public interface IBatchHost
{
    /// <summary>
    /// Begins a batch. The same id with the same body is the same batch (<see cref="HostOutcome.Known"/>), with another body a
    /// <see cref="HostOutcome.Conflict"/>. What was answered survives the host.
    /// </summary>
    Task<HostReply> SubmitAsync(BatchSubmission submission, CancellationToken cancellationToken);

    /// <summary>How far a batch is. Answers from memory where the batch is under way.</summary>
    Task<StatusReply> StatusAsync(string batchId, CancellationToken cancellationToken);

    /// <summary>Waits until the batch is done, at most <paramref name="patience"/>, and says how far it is then.</summary>
    Task<StatusReply> WaitAsync(string batchId, TimeSpan patience, CancellationToken cancellationToken);

    /// <summary>
    /// Stops a batch: what is published stays, what is about to be published will be, nothing else is begun. Again, or too
    /// late, it is <see cref="HostOutcome.Known"/>.
    /// </summary>
    Task<HostReply> CancelAsync(string batchId, CancellationToken cancellationToken);

    /// <summary>Takes failed and cancelled items of a finished batch up again.</summary>
    Task<HostReply> RetryAsync(string batchId, CancellationToken cancellationToken);

    /// <summary>Goes on with a batch that is not done and that nobody works on; <see cref="HostOutcome.Known"/> if somebody does, or it is done.</summary>
    Task<HostReply> ResumeAsync(string batchId, CancellationToken cancellationToken);

    /// <summary>The batches, newest first, at most <see cref="ListReply.BatchesMax"/>.</summary>
    Task<ListReply> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Opens one of a batch's papers; null if it does not stand (yet). <paramref name="input"/> is the input's name for
    /// <see cref="BatchPaper.Rejects"/> and null for the others.
    /// </summary>
    Task<Stream?> OpenAsync(string batchId, BatchPaper paper, string? input, CancellationToken cancellationToken);
}

/// <summary>What became of a request.</summary>
public enum HostOutcome
{
    /// <summary>It is done, and it changed something.</summary>
    Accepted,

    /// <summary>It was so already.</summary>
    Known,

    /// <summary>The id belongs to a batch with another body.</summary>
    Conflict,

    /// <summary>There is no such batch.</summary>
    Missing,

    /// <summary>It cannot be done as things stand; the message says why and what to do.</summary>
    Refused,

    /// <summary>The store or the cluster does not answer: whether it happened is not known. Ask the same again.</summary>
    Unavailable,
}

/// <summary>The reply to a request.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Message">One or two sentences for a person; empty where there is nothing to tell.</param>
public sealed record HostReply(HostOutcome Outcome, string Message)
{
    /// <summary>Done.</summary>
    public static HostReply Accepted { get; } = new(HostOutcome.Accepted, "");

    /// <summary>It was so already.</summary>
    public static HostReply Known { get; } = new(HostOutcome.Known, "");

    /// <summary>True if what was asked for is so now.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsGood => Outcome is HostOutcome.Accepted or HostOutcome.Known;
}

/// <summary>How far a batch is.</summary>
/// <param name="Outcome"><see cref="HostOutcome.Known"/>, or why it cannot be told.</param>
/// <param name="Message">For a person; empty where there is nothing to tell.</param>
/// <param name="Overview">The numbers; null if they cannot be told.</param>
public sealed record StatusReply(HostOutcome Outcome, string Message, BatchOverview? Overview)
{
    /// <summary>True once the report stands.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsDone => Overview?.Phase is Batches.BatchPhase.Done;
}

/// <summary>Batches, newest first.</summary>
/// <param name="Outcome"><see cref="HostOutcome.Known"/>, or why they cannot be listed.</param>
/// <param name="Message">For a person; empty where there is nothing to tell.</param>
/// <param name="Batches">The batches.</param>
public sealed record ListReply(HostOutcome Outcome, string Message, IReadOnlyList<ListedBatch> Batches)
{
    /// <summary>Batches that one reply tells.</summary>
    public const int BatchesMax = 200;
}

/// <summary>A batch in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="PlanName">Its plan.</param>
/// <param name="SubmittedAt">When it was asked for.</param>
/// <param name="IsDone">True once its report stands.</param>
public sealed record ListedBatch(string Id, string PlanName, DateTimeOffset SubmittedAt, bool IsDone)
{
    /// <summary>The kind of work.</summary>
    public Batches.WorkKind Kind { get; init; }
}

/// <summary>What a batch leaves behind.</summary>
public enum BatchPaper
{
    /// <summary><c>report.json</c>: the totals.</summary>
    Report,

    /// <summary><c>files.jsonl</c>: a line for each file.</summary>
    Files,

    /// <summary><c>manifest.json</c>: what is the same each time.</summary>
    Manifest,

    /// <summary>The records of one input's rejected rows.</summary>
    Rejects,
}
