using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;

namespace OrleansClean.Execution;

/// <summary>Runs batches in this process.</summary>
public static class BatchRunner
{
    /// <summary>
    /// Runs the batch to its end and returns its report, also when it was cancelled or ran out of time: then the status
    /// says so and the same request continues it. Throws <c>PlanException</c> for a bad plan, <see cref="UsageException"/>
    /// for a request that cannot be carried out, and <see cref="OperationCanceledException"/> if it is cancelled before the
    /// first file begins; in all three cases no output was written and no batch begun. Throws <see cref="Storage.StorageException"/> if
    /// the state folder cannot be written.
    /// </summary>
    public static Task<BatchReport> RunAsync(BatchRequest request, IBatchProgress? progress, CancellationToken cancellationToken) =>
        RunAsync(request, progress, BatchSeams.Real, cancellationToken);

    /// <summary>
    /// Finds the inputs, their outputs and what is up to date, and writes nothing. Throws as <see cref="RunAsync(BatchRequest, IBatchProgress?, CancellationToken)"/> does.
    /// </summary>
    public static async Task<BatchPreview> ListAsync(BatchRequest request, CancellationToken cancellationToken)
    {
        // Looking for files may take long, and none of it is asynchronous underneath.
        return await Task.Run(
            async () => await BatchPreviews.OfAsync(await BatchPreparation.PrepareAsync(request, BatchSeams.Real, cancellationToken), cancellationToken),
            cancellationToken);
    }

    internal static Task<BatchReport> RunAsync(
        BatchRequest request,
        IBatchProgress? progress,
        BatchSeams seams,
        CancellationToken cancellationToken) =>
        Task.Run(
            async () =>
            {
                var clock = new BatchClock(seams.Time);
                var batch = await BatchPreparation.PrepareAsync(request, seams, cancellationToken);
                if (batch.Choice.IsFinished)
                {
                    progress?.Listed(batch.Listing);
                    return (await StoredBatches.ReadReportAsync(batch.Store, batch.Id, cancellationToken))!;
                }

                return await new BatchRun(batch, progress, clock).RunAsync(cancellationToken);
            },
            cancellationToken);
}
