namespace OrleansClean.Batches;

/// <summary>All items are settled: the join if there is one, sweep, then the manifest, then the report, each until it is done.</summary>
internal static class Finishing
{
    /// <summary>The next thing to do.</summary>
    public static BatchEffect Next(BatchState state) =>
        IsJoinDue(state, state.Count(ItemStatus.Committed)) ? new BatchEffect.Join()
        : !state.IsSwept ? new BatchEffect.Sweep()
        : !state.HasManifest ? new BatchEffect.WriteManifest()
        : new BatchEffect.WriteReport();

    /// <summary>True if the parts that <paramref name="committed"/> items published are not one yet.</summary>
    public static bool IsJoinDue(BatchState state, int committed) =>
        state is { Spec.HasJoin: true, IsGateOpen: true, JoinResult: null } && committed > 0;

    public static BatchDecision Joined(BatchState state, BatchInput.Joined joined) =>
        state.Phase is BatchPhase.Finishing && IsJoinDue(state, state.Count(ItemStatus.Committed))
            ? Then(new BatchEvent.JoinDone(joined.Result), new BatchEffect.Sweep())
            : BatchDecision.Nothing;

    public static BatchDecision Swept(BatchState state) =>
        state is { Phase: BatchPhase.Finishing, IsSwept: false } && !IsJoinDue(state, state.Count(ItemStatus.Committed))
        ? Then(new BatchEvent.SweepDone(), new BatchEffect.WriteManifest())
        : BatchDecision.Nothing;

    public static BatchDecision ManifestWritten(BatchState state) =>
        state is { Phase: BatchPhase.Finishing, IsSwept: true, HasManifest: false }
            ? Then(new BatchEvent.ManifestDone(), new BatchEffect.WriteReport())
            : BatchDecision.Nothing;

    public static BatchDecision ReportWritten(BatchState state) => state is { Phase: BatchPhase.Finishing, HasManifest: true }
        ? Then(new BatchEvent.Finished(), null)
        : BatchDecision.Nothing;

    public static BatchDecision Decide(BatchState state, BatchInput.FinishFailed failed) => state.Phase == BatchPhase.Finishing
        ? Then(new BatchEvent.FinishPostponed(failed.At + Backoff.Wait(state.Spec!, 0, failed.Chance)), null)
        : BatchDecision.Nothing;

    private static BatchDecision Then(BatchEvent happened, BatchEffect? effect) =>
        new([happened], effect is null ? [] : [effect], new BatchAnswer.Nothing());
}
