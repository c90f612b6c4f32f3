using OrleansClean.Batches;

namespace OrleansClean.Execution.Coordination;

/// <summary>
/// Carries out what the coordinator wants done outside. Every effect may be asked for again after a restart, so each is
/// idempotent.
/// </summary>
public interface IEffectExecutor
{
    /// <summary>
    /// Called before an input is decided. What the input names must be as durable as the journal line that will name it; if it cannot be made so,
    /// another input takes its place.
    /// </summary>
    Task<BatchInput> SecureAsync(BatchInput input, CancellationToken cancellationToken) => Task.FromResult(input);

    /// <summary>
    /// Does it and returns what became of it, as the input that the effect names. Failures are values in that input; what is
    /// thrown is a bug, or the cancellation.
    /// </summary>
    Task<BatchInput> CarryOutAsync(BatchEffect effect, CancellationToken cancellationToken);
}
