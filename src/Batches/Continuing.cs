namespace OrleansClean.Batches;

/// <summary>
/// Somebody goes on with a batch that was left: under limits that may be others than before. What is published stays, and what waited
/// for a gate that is gone is published.
/// </summary>
internal static class Continuing
{
    public static BatchDecision Decide(BatchState state, BatchInput.Continue input)
    {
        if (state.Spec is null || state.Phase is BatchPhase.Done)
        {
            var reason = state.Spec is null ? "There is no such batch." : "The batch is finished: there is nothing to go on with.";
            return BatchDecision.Nothing with { Answer = new BatchAnswer.Refused(reason) };
        }

        var spec = input.Spec ?? state.Spec;
        if (spec == state.Spec && input.At <= state.SubmittedAt)
        {
            return BatchDecision.Nothing with { Answer = new BatchAnswer.Accepted(IsNew: false) };
        }

        var isGateGone = state.Phase is BatchPhase.Running && !spec.HasGate && state.Count(ItemStatus.Staged) > 0;
        return new BatchDecision(
            [new BatchEvent.Continued(spec, input.At), .. isGateGone ? [new BatchEvent.GateOpened()] : Array.Empty<BatchEvent>()],
            isGateGone
                ? [.. state.StagedItems.Keys.Where(item => state.Item(item).Status is ItemStatus.Staged).Select(item => Committing.Commit(state, item))]
                : [],
            new BatchAnswer.Accepted(IsNew: true));
    }
}
