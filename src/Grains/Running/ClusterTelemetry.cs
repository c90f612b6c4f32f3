using System.Collections.Concurrent;
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
    private static readonly ConcurrentDictionary<object, Func<long>> Slots = Gauge("orleansclean.slots", "{attempt}", "Attempts that the silo works on side by side");
    private static readonly ConcurrentDictionary<object, Func<long>> Busy = Gauge("orleansclean.busy", "{attempt}", "Attempts that the silo holds");
    private static readonly ConcurrentDictionary<object, Func<long>> Waiting = Gauge("orleansclean.waiting", "{file}", "Files that wait for a worker, in batches that the silo coordinates");

    /// <summary>From now on <paramref name="owner"/>, a silo's runner, says how much it can do and how much it has to do.</summary>
    public static void Count(object owner, Func<long> slots, Func<long> busy) => (Slots[owner], Busy[owner]) = (slots, busy);

    /// <summary>From now on <paramref name="owner"/>, a batch's coordinator, says how much is left to be given out.</summary>
    public static void Count(object owner, Func<long> waiting) => Waiting[owner] = waiting;

    /// <summary><paramref name="owner"/> has nothing to say any more.</summary>
    public static void Forget(object owner)
    {
        Slots.TryRemove(owner, out _);
        Busy.TryRemove(owner, out _);
        Waiting.TryRemove(owner, out _);
    }

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

    /// <summary>A number that is asked for when it is sent: the sum of what its sources say.</summary>
    private static ConcurrentDictionary<object, Func<long>> Gauge(string name, string unit, string description)
    {
        var sources = new ConcurrentDictionary<object, Func<long>>(ReferenceEqualityComparer.Instance);
        Numbers.CreateObservableGauge(name, () => sources.Values.Sum(source => source()), unit, description);
        return sources;
    }

    /// <summary>The trace of a batch follows from its id: silos need not tell each other.</summary>
    public static ActivityContext TraceOf(string batchId)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(batchId));
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(hash.AsSpan(0, 16)),
            ActivitySpanId.CreateFromBytes(hash.AsSpan(16, 8)),
            ActivityTraceFlags.Recorded,
            isRemote: true);
    }
}
