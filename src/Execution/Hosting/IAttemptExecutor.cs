using OrleansClean.Batches;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// Does the work of one attempt: reads the item, makes its outputs and stages them where nobody sees them. It publishes nothing.
/// It runs on the caller's thread and may take minutes: never on the shared thread pool.
/// </summary>
public interface IAttemptExecutor
{
    /// <summary>
    /// Runs an attempt to its outcome. Failures are outcomes, whatever the item holds; a cancelled attempt is
    /// <see cref="AttemptOutcome.Released"/> and leaves nothing behind that a sweep does not find.
    /// </summary>
    AttemptOutcome Execute(BatchPlace place, AttemptId attempt, AttemptContext context);
}

/// <summary>Around an attempt.</summary>
/// <param name="Worker">Who does it, for the report.</param>
/// <param name="Progress">Told of decoded bytes and rows since the last call, or null.</param>
/// <param name="Cancelled">Ends the attempt.</param>
public sealed record AttemptContext(string Worker, Action<long, long>? Progress, CancellationToken Cancelled);
