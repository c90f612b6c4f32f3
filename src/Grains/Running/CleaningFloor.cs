using System.Collections.Concurrent;
using System.Diagnostics;
using Orleans;
using OrleansClean.Batches;
using OrleansClean.Execution.Hosting;
using OrleansClean.Grains.Wire;

namespace OrleansClean.Grains.Running;

/// <summary>
/// A silo's slots. A slot that has an attempt asks the file's grain, on this silo, to start it, and works on its own thread when that
/// came: never on the shared thread pool, where cleaning would starve the calls of the silo.
/// </summary>
/// <param name="executor">Does the work.</param>
/// <param name="grains">Finds the file's grain.</param>
public sealed class CleaningFloor(IAttemptExecutor executor, IGrainFactory grains) : IAttemptExecutor, ICleaningFloor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<StartOrder, TaskCompletionSource> _waiting = [];

    /// <inheritdoc />
    public bool Start(StartOrder order) => _waiting.TryGetValue(order, out var start) && start.TrySetResult();

    /// <inheritdoc />
    public AttemptOutcome Execute(BatchPlace place, AttemptId attempt, AttemptContext context)
    {
        var order = new StartOrder(place.BatchId, attempt);
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[order] = start;
        try
        {
            // The call's own end is not waited for: the start is what the slot needs.
            _ = Task.Run(() => CallAsync(order, start), CancellationToken.None);
            if (!start.Task.Wait(Patience, context.Cancelled))
            {
                return new AttemptOutcome.Released();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or AggregateException)
        {
            // The silo stops, or its grains cannot be called: somebody else does it.
            return new AttemptOutcome.Released();
        }
        finally
        {
            _waiting.TryRemove(order, out _);
        }

        var activity = ClusterTelemetry.Begin(place.BatchId, attempt, context.Worker);
        var started = Stopwatch.GetTimestamp();
        var outcome = executor.Execute(place, attempt, context);
        ClusterTelemetry.End(activity, outcome, Stopwatch.GetElapsedTime(started));
        return outcome;
    }

    private async Task CallAsync(StartOrder order, TaskCompletionSource start)
    {
        try
        {
            await grains.GetGrain<ICleaningGrain>(0).Start(order);
        }
#pragma warning disable CA1031 // Whatever a call throws here means that the attempt was not started.
        catch (Exception e)
#pragma warning restore CA1031
        {
            start.TrySetException(e);
        }
    }
}
