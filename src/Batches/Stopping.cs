namespace OrleansClean.Batches;

/// <summary>A batch ends early, or begins again with what failed.</summary>
internal static class Stopping
{
    public static BatchDecision Cancel(BatchState state) => state.Phase switch
    {
        BatchPhase.New => Refuse("There is no such batch."),
        BatchPhase.Listing or BatchPhase.Running when state.Stop is null => Stop(state, StopReason.Cancelled),

        // Again, or too late: what is published stays published, and the report says what happened.
        _ => BatchDecision.Nothing with { Answer = new BatchAnswer.Accepted(IsNew: false) },
    };

    /// <summary>Stops everything that has no durable intent.</summary>
    public static BatchDecision Stop(BatchState state, StopReason reason)
    {
        var decider = new Decider(state);
        decider.Stop(reason);
        return decider.Done(new BatchAnswer.Accepted(IsNew: true));
    }

    public static BatchDecision Retry(BatchState state, BatchInput.RetryFailed retry)
    {
        if (state.Phase != BatchPhase.Done)
        {
            return Refuse("Only a finished batch can be retried; this one is not finished.");
        }

        var isUnlisted = state.Listing is null;
        var isAllWell = state.Count(ItemStatus.Failed) + state.Count(ItemStatus.Cancelled)
            == state.CountPieces(ItemStatus.Failed) + state.CountPieces(ItemStatus.Cancelled);
        if (!isUnlisted && isAllWell)
        {
            return Refuse("Nothing failed and nothing was cancelled: there is nothing to retry.");
        }

        return new BatchDecision(
            [new BatchEvent.Reopened(retry.At)],
            isUnlisted ? [new BatchEffect.ListInputs(state.Spec!.BodyDocument)] : [],
            new BatchAnswer.Accepted(IsNew: true));
    }

    private static BatchDecision Refuse(string reason) => BatchDecision.Nothing with { Answer = new BatchAnswer.Refused(reason) };
}
