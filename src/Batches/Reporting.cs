using System.Diagnostics;

namespace OrleansClean.Batches;

/// <summary>An attempt ended. Only the current one counts; the same report again changes nothing.</summary>
internal static class Reporting
{
    public static BatchDecision Decide(BatchState state, BatchInput.Report report)
    {
        if (!state.IsCurrent(report.Attempt, ItemStatus.Running))
        {
            return BatchDecision.Nothing with { Answer = new BatchAnswer.Reported(Counted: false) };
        }

        var decider = new Decider(state);
        switch (report.Outcome)
        {
            case AttemptOutcome.Ready ready when state.Spec!.HasGate && !state.IsGateOpen:
                decider.Stage(new BatchEvent.ItemStaged(report.Attempt, ready.Staged) { Aside = ready.Aside });
                break;
            case AttemptOutcome.Ready ready:
                decider.Add(new BatchEvent.IntentRecorded(report.Attempt, ready.Staged) { Aside = ready.Aside });
                decider.Add(new BatchEffect.Commit(report.Attempt, ready.Staged));
                break;
            case AttemptOutcome.Unchanged unchanged:
                decider.Close(new BatchEvent.ItemUnchanged(report.Attempt, unchanged.Summary));
                break;
            case AttemptOutcome.Released:
                decider.Add(new BatchEvent.AttemptReleased(report.Attempt));
                break;
            case AttemptOutcome.Failed failed:
                Failing.Add(state, report.Attempt, failed.Failure, report, decider);
                break;
            default:
                throw new UnreachableException();
        }

        return decider.Done(new BatchAnswer.Reported(Counted: true));
    }
}

/// <summary>An attempt failed: the item waits for the next one, or has had its last.</summary>
internal static class Failing
{
    public static void Add(BatchState state, AttemptId attempt, Failure failure, BatchInput input, Decider decider)
    {
        var failures = state.Item(attempt.Item).Failures;
        if (failure.IsTransient && failures < state.Spec!.RetriesMax && state.Stop is null)
        {
            var retryAt = input.At + Backoff.Wait(state.Spec, failures, input.Chance);
            decider.Add(new BatchEvent.AttemptFailed(attempt, failure, retryAt));
        }
        else
        {
            decider.Close(new BatchEvent.ItemFailed(attempt, failure));
        }
    }
}
