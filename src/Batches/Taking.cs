using System.Collections.Immutable;

namespace OrleansClean.Batches;

/// <summary>A worker asks for work. What it holds is its heartbeat; what it should hold and does not is free again.</summary>
internal static class Taking
{
    public static BatchDecision Decide(BatchState state, BatchInput.Take take)
    {
        var known = state.Workers.GetValueOrDefault(take.Worker.Name);
        if (known is not null && IsStale(known, take))
        {
            return BatchDecision.Nothing with { Answer = new BatchAnswer.Work([], take.Held) };
        }

        if (state.Spec is null || state.Phase is BatchPhase.New or BatchPhase.Done)
        {
            return BatchDecision.Nothing with { Answer = new BatchAnswer.Work([], take.Held) };
        }

        var decider = new Decider(state);
        decider.Add(new BatchEvent.WorkerSeen(take.Worker, take.Sequence, take.At + state.Spec.Lease));
        var freed = Free(state, take, decider);
        var attempts = state.Phase == BatchPhase.Running && state.Stop is null
            ? Dispatch(state, take, freed, decider)
            : [];
        return decider.Done(new BatchAnswer.Work(attempts, [.. take.Held.Where(held => !Holds(state, take.Worker, held))]));
    }

    /// <summary>
    /// An older incarnation of the worker, or a call that was overtaken by a later one. Generations come from clocks, and a clock may have been set
    /// back between two of them: one that has not been heard of for a lease keeps nobody out.
    /// </summary>
    private static bool IsStale(WorkerState known, BatchInput.Take take) =>
        (take.Worker.Generation < known.Generation && take.At < known.LeaseUntil)
        || (take.Worker.Generation == known.Generation && take.Sequence <= known.Sequence);

    private static bool Holds(BatchState state, WorkerId worker, AttemptId held) =>
        state.IsCurrent(held, ItemStatus.Running) && state.Running[held.Item].Worker == worker;

    /// <summary>
    /// Takes away what this worker's other incarnation had, and what this one does not hold: the answer that gave it was
    /// lost. To this worker the item does not return before its lease is over: a zombie would ask again and again.
    /// </summary>
    private static HashSet<int> Free(BatchState state, BatchInput.Take take, Decider decider)
    {
        var held = take.Held.ToHashSet();
        var freed = new HashSet<int>();
        foreach (var running in state.Running.Values.Where(running => running.Worker.Name == take.Worker.Name))
        {
            var attempt = new AttemptId(running.Item, state.Item(running.Item).Attempt);
            if (running.Worker.Generation != take.Worker.Generation || !held.Contains(attempt))
            {
                var isSame = running.Worker.Generation == take.Worker.Generation;
                Losing.Add(state, attempt, take.Worker.Name, isSame ? take.At + state.Spec!.Lease : take.At, decider);
                freed.Add(running.Item);
            }
        }

        return freed;
    }

    private static ImmutableArray<AttemptId> Dispatch(BatchState state, BatchInput.Take take, HashSet<int> freed, Decider decider)
    {
        var count = Math.Clamp(take.FreeSlots, 0, BatchMachine.AttemptsPerTakeMax);
        var attempts = ImmutableArray.CreateBuilder<AttemptId>(count);
        foreach (var item in state.Available(take.Worker.Name, take.At))
        {
            if (attempts.Count == count)
            {
                break;
            }

            if (!freed.Contains(item))
            {
                var attempt = new AttemptId(item, state.Item(item).Attempt + 1);
                decider.Add(new BatchEvent.Dispatched(attempt, take.Worker, take.At));
                attempts.Add(attempt);
            }
        }

        return attempts.ToImmutable();
    }
}

/// <summary>An attempt is lost with its worker: the item waits again, or is the culprit after too many of them.</summary>
internal static class Losing
{
    public static void Add(BatchState state, AttemptId attempt, string worker, Moment notThereBefore, Decider decider)
    {
        if (state.Item(attempt.Item).Losses < state.Spec!.LossesMax)
        {
            decider.Add(new BatchEvent.AttemptLost(attempt, worker, notThereBefore));
            return;
        }

        var failure = new Failure(
            "worker-lost",
            $"{state.Spec.LossesMax + 1} workers were lost while they worked on this item; it may be the reason.",
            IsTransient: false);
        decider.Close(new BatchEvent.ItemFailed(attempt, failure));
    }
}
