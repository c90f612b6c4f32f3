using System.Text;
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
    /// first file begins; in all three cases nothing was written. Throws <see cref="Storage.StorageException"/> if
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
            async () => BatchPreviews.Of(await BatchPreparation.PrepareAsync(request, BatchSeams.Real, cancellationToken), cancellationToken),
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
                progress?.Listed(batch.Listing);
                return batch.IsFinished
                    ? new BatchFolders(batch.Folder.Root).ReadReport(batch.Id)!
                    : await RunPreparedAsync(batch, progress, clock, cancellationToken);
            },
            cancellationToken);

    private static async Task<BatchReport> RunPreparedAsync(
        PreparedBatch batch,
        IBatchProgress? progress,
        BatchClock clock,
        CancellationToken cancellationToken)
    {
        using var held = RootLock.Take(batch.Folder.Root, batch.Id, batch.Seams.Time.GetUtcNow());
        await CheckStillAsPreparedAsync(batch, cancellationToken);
        batch.Folder.RemoveStaged();
        if (!batch.IsContinued)
        {
            await FrozenListing.WriteAsync(batch, cancellationToken);
        }

        await batch.Store.WriteAsync(StateNames.Latest, stream => stream.Write(Encoding.UTF8.GetBytes(batch.Id + "\n")), cancellationToken);
        using var run = new BatchRun(batch, progress, cancellationToken);
        await run.RunAsync();
        return await new BatchConclusion(run, clock, cancellationToken.IsCancellationRequested).WriteAsync();
    }

    /// <summary>Another run may have begun or ended between the look at the state and the lock.</summary>
    private static async Task CheckStillAsPreparedAsync(PreparedBatch batch, CancellationToken cancellationToken)
    {
        var state = new BatchFolders(batch.Folder.Root);
        var exists = await state.ReadHeaderAsync(batch.Id, cancellationToken) is not null;
        if (exists != batch.IsContinued || (exists && !BatchStatus.IsUnfinished(state.ReadReport(batch.Id)?.Status)))
        {
            throw new UsageException($"Another run of the batch {batch.Id} got in between. Run the same command again.");
        }
    }
}
