using OrleansClean.Execution.Reports;

namespace OrleansClean.Execution;

/// <summary>Runs batches in this process.</summary>
public static class BatchRunner
{
    /// <summary>
    /// Runs the batch to its end and returns its report, also when it was cancelled or ran out of time: then the status
    /// says so and the same request continues it. Throws <c>PlanException</c> for a bad plan, <see cref="UsageException"/>
    /// for a request that cannot be carried out, and <c>StorageException</c> if the state folder cannot be written; in
    /// all three cases no output was touched.
    /// </summary>
    public static Task<BatchReport> RunAsync(
        BatchRequest request,
        IBatchProgress? progress,
        CancellationToken cancellationToken) => throw new InvalidOperationException("Not built yet.");

    /// <summary>Finds the inputs, their outputs and what is up to date, and writes nothing. Throws as <see cref="RunAsync"/> does.</summary>
    public static Task<BatchPreview> ListAsync(BatchRequest request, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Not built yet.");
}
