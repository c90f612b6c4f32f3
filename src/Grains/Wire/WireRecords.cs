using System.Text.Json.Serialization;
using OrleansClean.Batches;
using OrleansClean.Execution.Hosting;

namespace OrleansClean.Grains.Wire;

/// <summary>Where a submission is that is too long for a message.</summary>
/// <param name="Document">The name of its document among the cluster's submissions: its hash.</param>
public sealed record SubmissionPlace(string Document)
{
    /// <summary>The kind of work. A sender that knows one kind only leaves it out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public WorkKind Kind { get; init; }
}

/// <summary>The answer to a runner that asks for work.</summary>
/// <param name="Reply">What it gets; null if nothing is known now.</param>
/// <param name="Unavailable">Why nothing is known: ask the same again.</param>
public sealed record TakeAnswer(TakeReply? Reply, string? Unavailable);

/// <summary>The answer to a runner that reports.</summary>
/// <param name="Reply">Whether it counted; null if that is not known.</param>
/// <param name="Unavailable">Why nothing is known: report the same again.</param>
public sealed record ReportAnswer(ReportReply? Reply, string? Unavailable);

/// <summary>An attempt to start on this silo.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Attempt">The attempt.</param>
public sealed record StartOrder(string BatchId, AttemptId Attempt);

/// <summary>The answer to an order.</summary>
/// <param name="IsStarted">False if no runner of this silo holds the attempt.</param>
public sealed record StartReply(bool IsStarted);
