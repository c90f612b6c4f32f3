using System.Collections.Immutable;

namespace OrleansClean.Batches;

/// <summary>A coordinator takes over: it fences the one before and does again what may not have been done.</summary>
internal static class Opening
{
    public static BatchDecision Decide(BatchState state, BatchInput.Open open) => open.Incarnation <= state.Incarnation
        ? BatchDecision.Nothing
        : new BatchDecision([new BatchEvent.Opened(open.Incarnation, open.At)], Due(state), new BatchAnswer.Nothing());

    /// <summary>Every effect that the state waits for.</summary>
    private static ImmutableArray<BatchEffect> Due(BatchState state) => state.Phase switch
    {
        BatchPhase.Listing => [new BatchEffect.ListInputs(state.Spec!.BodyDocument)],
        BatchPhase.Running when state.OpenCount == 0 => [new BatchEffect.EvaluateGate()],
        BatchPhase.Running => [.. Committing.Intents(state)],
        BatchPhase.Finishing => [Finishing.Next(state)],
        _ => [],
    };
}
