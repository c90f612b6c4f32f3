using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using OrleansClean.Batches;

namespace OrleansClean.Grains.Running;

/// <summary>
/// What a silo tells of its work: one trace for each batch with a span for each attempt, and counters. Without a listener it costs nothing.
/// </summary>
public static class ClusterTelemetry
{
    /// <summary>The name of the source of spans and of the meter.</summary>
    public const string Name = "OrleansClean.Cluster";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Numbers = new(Name);
    private static readonly Counter<long> Attempts = Numbers.CreateCounter<long>("orleansclean.attempts", "{attempt}", "Attempts that ended, by outcome");
    private static readonly Histogram<double> Durations = Numbers.CreateHistogram<double>("orleansclean.attempt.duration", "s", "Time of an attempt");

    /// <summary>Begins the span of an attempt, in its batch's trace.</summary>
    public static Activity? Begin(string batchId, AttemptId attempt, string worker)
    {
        var activity = Source.StartActivity("clean", ActivityKind.Internal, TraceOf(batchId));
        activity?.SetTag("orleansclean.batch", batchId);
        activity?.SetTag("orleansclean.item", attempt.Item);
        activity?.SetTag("orleansclean.attempt", attempt.Number);
        activity?.SetTag("orleansclean.worker", worker);
        return activity;
    }

    /// <summary>Ends it.</summary>
    public static void End(Activity? activity, AttemptOutcome outcome, TimeSpan elapsed)
    {
        var name = outcome switch
        {
            AttemptOutcome.Ready => "ready",
            AttemptOutcome.Unchanged => "unchanged",
            AttemptOutcome.Failed => "failed",
            _ => "released",
        };
        Attempts.Add(1, new KeyValuePair<string, object?>("outcome", name));
        Durations.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("outcome", name));
        if (outcome is AttemptOutcome.Failed failed)
        {
            activity?.SetStatus(ActivityStatusCode.Error, failed.Failure.Code);
        }

        activity?.SetTag("orleansclean.outcome", name);
        activity?.Dispose();
    }

    /// <summary>The trace of a batch follows from its id: silos need not tell each other.</summary>
    internal static ActivityContext TraceOf(string batchId)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(batchId));
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(hash.AsSpan(0, 16)),
            ActivitySpanId.CreateFromBytes(hash.AsSpan(16, 8)),
            ActivityTraceFlags.Recorded,
            isRemote: true);
    }
}
