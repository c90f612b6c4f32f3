namespace OrleansClean.Batches;

/// <summary>Time passed: leases end, limits are reached, waits are over.</summary>
internal static class Ticking
{
    public static BatchDecision Decide(BatchState state, BatchInput.Tick tick)
    {
        if (state.Spec is null || state.Phase is BatchPhase.New or BatchPhase.Done)
        {
            return BatchDecision.Nothing;
        }

        if (Deadline(state) is { } deadline && deadline <= tick.At)
        {
            return Stopping.Stop(state, StopReason.TimedOut);
        }

        var decider = new Decider(state);
        foreach (var running in state.Running.Values)
        {
            EndAttempt(state, running, tick, decider);
        }

        foreach (var (item, at) in state.CommitAgainAt.Where(pair => pair.Value <= tick.At))
        {
            // The wait is set anew at once: one commit of an item is under way at a time.
            decider.Add(Committing.Commit(state, item));
            var attempt = new AttemptId(item, state.Item(item).Attempt);
            decider.Add(new BatchEvent.CommitPostponed(attempt, tick.At + state.Spec.RetryDelayMax));
        }

        if (state.FinishAgainAt is { } again && again <= tick.At)
        {
            decider.Add(new BatchEvent.FinishPostponed(tick.At + state.Spec.RetryDelayMax));
            decider.Add(state.Phase == BatchPhase.Listing
                ? new BatchEffect.ListInputs(state.Spec.BodyDocument)
                : Finishing.Next(state));
        }

        return decider.Done();
    }

    /// <summary>The next moment at which time changes something, or null.</summary>
    public static Moment? Next(BatchState state)
    {
        if (state.Spec is null || state.Phase is BatchPhase.New or BatchPhase.Done)
        {
            return null;
        }

        IEnumerable<Moment?> moments =
        [
            Deadline(state),
            state.FinishAgainAt,
            .. state.CommitAgainAt.Values.Select(at => (Moment?)at),
            .. state.Running.Values.Select(running => state.Workers.GetValueOrDefault(running.Worker.Name)?.LeaseUntil),
            .. state.Running.Values.Select(running => ItemDeadline(state, running)),
        ];
        return moments.Where(moment => moment is not null).Min();
    }

    private static void EndAttempt(BatchState state, RunningItem running, BatchInput.Tick tick, Decider decider)
    {
        var attempt = new AttemptId(running.Item, state.Item(running.Item).Attempt);
        if (ItemDeadline(state, running) is { } deadline && deadline <= tick.At)
        {
            var failure = new Failure(
                FailureCodes.FileTimeout,
                $"The item took longer than {state.Spec!.ItemTimeout!.Value.TotalSeconds:0.###} seconds.",
                IsTransient: false);
            decider.Close(new BatchEvent.ItemFailed(attempt, failure));
        }
        else if (state.Workers.GetValueOrDefault(running.Worker.Name) is not { } worker || worker.LeaseUntil <= tick.At)
        {
            Losing.Add(state, attempt, running.Worker.Name, tick.At, decider);
        }
    }

    private static Moment? Deadline(BatchState state) =>
        state.Spec!.BatchTimeout is { } timeout && state.Stop is null && state.Phase is BatchPhase.Listing or BatchPhase.Running
            ? state.SubmittedAt + timeout
            : null;

    private static Moment? ItemDeadline(BatchState state, RunningItem running) =>
        state.Spec!.ItemTimeout is { } timeout ? running.Since + timeout : null;
}
