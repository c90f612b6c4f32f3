namespace OrleansClean.Batches;

/// <summary>A batch begins: asked for once or a hundred times, it is one batch.</summary>
internal static class Submitting
{
    public static BatchDecision Decide(BatchState state, BatchInput.Submit submit)
    {
        if (state.Spec is { } known)
        {
            return known.BodyHash == submit.Spec.BodyHash
                ? BatchDecision.Nothing with { Answer = new BatchAnswer.Accepted(IsNew: false) }
                : BatchDecision.Nothing with
                {
                    Answer = new BatchAnswer.Refused($"Batch {known.Id} exists with another body. Choose another id."),
                };
        }

        return new BatchDecision(
            [new BatchEvent.Submitted(submit.Spec, submit.At)],
            [new BatchEffect.ListInputs(submit.Spec.BodyDocument)],
            new BatchAnswer.Accepted(IsNew: true));
    }

    public static BatchDecision Decide(BatchState state, BatchInput.ListingDone done) => state.Phase != BatchPhase.Listing
        ? BatchDecision.Nothing
        : new BatchDecision(
            [new BatchEvent.Listed(done.Document, done.Items) { Pieces = done.Pieces.IsEmpty ? null : done.Pieces }],
            done.Items == 0 ? [new BatchEffect.Sweep()] : [],
            new BatchAnswer.Nothing());

    public static BatchDecision Decide(BatchState state, BatchInput.ListingFailed failed)
    {
        if (state.Phase != BatchPhase.Listing)
        {
            return BatchDecision.Nothing;
        }

        return failed.Failure.IsTransient
            ? new BatchDecision(
                [new BatchEvent.FinishPostponed(failed.At + Backoff.Wait(state.Spec!, 0, failed.Chance))], [], new BatchAnswer.Nothing())
            : new BatchDecision([new BatchEvent.ListingGivenUp(failed.Failure)], [new BatchEffect.Sweep()], new BatchAnswer.Nothing());
    }
}
