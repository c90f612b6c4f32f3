using System.Globalization;
using OrleansClean.Batches;
using OrleansClean.Batches.Tests.Worlds;
using OrleansClean.Execution.Coordination;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Tests.Coordination.Stepped;

/// <summary>A process with a real coordinator in it. It dies by not being stepped any more.</summary>
internal sealed class SteppedProcess
{
    private readonly SteppedScheduler _scheduler = new();
    private readonly SteppedStore _store;
    private readonly Task<BatchCoordinator> _opening;
    private readonly List<Call> _calls = [];

    public SteppedProcess(int number, IObjectStore store, SteppedPlan plan, TimeSpan ahead, Random random, Action<Happening> happen)
    {
        Number = number;
        Time = new SteppedTime(ahead);
        _store = new SteppedStore(store);
        var effects = new SteppedEffects(_store, plan, Time, happen);
        var seams = new CoordinatorSeams(Time, _scheduler, random.NextDouble, new JournalBounds(random.Next(3, 30), long.MaxValue));
        _opening = _scheduler.Start(() => BatchCoordinator.OpenAsync(_store, RecordingStore.Journal, effects, seams, CoordinatorStart.Plain, CancellationToken.None));
    }

    public int Number { get; }

    public SteppedTime Time { get; }

    /// <summary>True if it takes inputs.</summary>
    public bool IsActive => _opening.IsCompletedSuccessfully && !_opening.Result.Completion.IsFaulted;

    /// <summary>True if it never takes inputs again.</summary>
    public bool HasEnded => _opening.IsFaulted || (_opening.IsCompletedSuccessfully && _opening.Result.Completion.IsFaulted);

    /// <summary>What ended it, if it is a bug and not a store or another coordinator.</summary>
    public Exception? Bug =>
        (_opening.Exception ?? (_opening.IsCompletedSuccessfully ? _opening.Result.Completion.Exception : null))?.InnerException is { } reason
        && reason is not (FencedException or StorageException) ? reason : null;

    /// <summary>Steps that can be taken: its tasks, and calls of the store that can go on.</summary>
    public int Steps => _scheduler.Ready + _store.Waiting;

    public void Step(int index)
    {
        if (index < _scheduler.Ready)
        {
            _scheduler.Step(index);
        }
        else
        {
            _store.LetGo(index - _scheduler.Ready);
        }
    }

    /// <summary>Sends an input; <paramref name="answered"/> is called with the answer, or with null if there will be none.</summary>
    public void Send(BatchInput input, Action<BatchAnswer?> answered)
    {
        var coordinator = _opening.Result;
        _calls.Add(new Call(_scheduler.Start(() => coordinator.SendAsync(input, CancellationToken.None)), answered));
    }

    /// <summary>Hands out the answers that are there.</summary>
    public void Answer()
    {
        foreach (var call in _calls.Where(call => call.Task.IsCompleted).ToList())
        {
            _calls.Remove(call);
            call.Answered(call.Task.IsCompletedSuccessfully ? call.Task.Result : null);
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"c{Number}");

    private sealed record Call(Task<BatchAnswer> Task, Action<BatchAnswer?> Answered);
}
