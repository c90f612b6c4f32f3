using System.Diagnostics;

namespace OrleansClean.Batches;

/// <summary>Intents become facts. The store is read before anything is believed; an unknown outcome is asked for again.</summary>
internal static class Committing
{
    /// <summary>All intents, as commits to send.</summary>
    public static IEnumerable<BatchEffect> Intents(BatchState state) => state.StagedItems
        .Where(pair => state.Item(pair.Key).Status == ItemStatus.Intent)
        .Select(pair => Commit(state, pair.Key));

    /// <summary>The commit of one item's intent.</summary>
    public static BatchEffect Commit(BatchState state, int item) =>
        new BatchEffect.Commit(new AttemptId(item, state.Item(item).Attempt), state.StagedItems[item]);

    public static BatchDecision Decide(BatchState state, BatchInput.CommitResolved resolved)
    {
        if (!state.IsCurrent(resolved.Attempt, ItemStatus.Intent))
        {
            return BatchDecision.Nothing;
        }

        var decider = new Decider(state);
        switch (resolved.Outcome)
        {
            case CommitOutcome.Published published:
                decider.Close(new BatchEvent.ItemCommitted(resolved.Attempt, published.Summary));
                break;
            case CommitOutcome.Conflict conflict:
                decider.Close(new BatchEvent.ItemFailed(resolved.Attempt, new Failure(FailureCodes.OutputConflict, conflict.Message, IsTransient: false)));
                break;
            case CommitOutcome.StageLost:
                var lost = new Failure(FailureCodes.StageLost, "The staged output was gone before it was published.", IsTransient: true);
                Failing.Add(state, resolved.Attempt, lost, resolved, decider);
                break;
            case CommitOutcome.Refused refused when !state.MayLand(resolved.Attempt.Item):
                Failing.Add(state, resolved.Attempt, refused.Failure, resolved, decider);
                break;
            case CommitOutcome.Refused or CommitOutcome.Unknown:
                // A delayed commit may still land: never failed, never cancelled, always asked again. A refusal speaks of one sending
                // only; if there may have been another one before, that one decides.
                decider.Add(new BatchEvent.CommitPostponed(resolved.Attempt, resolved.At + Backoff.Wait(state.Spec!, 0, resolved.Chance)));
                break;
            default:
                throw new UnreachableException();
        }

        return decider.Done();
    }

    public static BatchDecision Decide(BatchState state, BatchInput.GateDecided gate)
    {
        if (state.Phase != BatchPhase.Running || state.OpenCount > 0 || state.Count(ItemStatus.Staged) == 0)
        {
            return BatchDecision.Nothing;
        }

        var decider = new Decider(state);
        var left = state.StagedItems.Keys.ToHashSet();
        foreach (var (item, failure) in gate.Refused.Where(refused => left.Remove(refused.Item)))
        {
            decider.Refuse(new BatchEvent.ItemFailed(new AttemptId(item, state.Item(item).Attempt), failure));
        }

        if (left.Count == 0)
        {
            return decider.Done();
        }

        var refusals = decider.Events;
        return gate.IsOpen
            ? new BatchDecision(
                [.. refusals, new BatchEvent.GateOpened()],
                [.. state.StagedItems.Keys.Where(left.Contains).Select(item => Commit(state, item))],
                new BatchAnswer.Nothing())
            : new BatchDecision([.. refusals, new BatchEvent.GateClosed(gate.Message)], [new BatchEffect.Sweep()], new BatchAnswer.Nothing());
    }
}
