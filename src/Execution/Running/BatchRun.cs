using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;
using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Running;

/// <summary>
/// One batch in this process, from its submit or from where it was left, to its end or until the caller cancels. Then what is under way
/// is given back, what is ready is published, and the batch can be gone on with.
/// </summary>
internal sealed class BatchRun(PreparedBatch batch, IBatchProgress? progress, BatchClock clock)
{
    private static readonly TimeSpan GiveBackMax = TimeSpan.FromSeconds(5);

    /// <summary>Runs it and returns its report.</summary>
    public async Task<BatchReport> RunAsync(CancellationToken cancellationToken)
    {
        var options = new LocalHostOptions
        {
            Stores = batch.Stores,
            OutputRoot = batch.Root,
            Workers = batch.Workers,
            Progress = progress is null ? null : progress.Advanced,
        };
        var start = new RunStart(batch);
        var watch = new RunWatch(batch, progress);
        await using var host = new LocalBatchHost(options, batch.Seams, clock, watch);
        await host.HoldAsync(batch.Id, cancellationToken);
        if (!await batch.Choice.HoldsAsync(batch.Store, cancellationToken))
        {
            throw new UsageException($"Another run of the batch {batch.Id} got in between. Run the same command again.");
        }

        var first = await start.PrepareAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        await batch.Store.WriteOverAsync(StateNames.Latest, Encoding.UTF8.GetBytes(batch.Id + "\n"), cancellationToken);
        watch.Begin(start.Listing!, start.Spec!.HasGate);
        var running = await host.BeginAsync(batch.Id, first, CancellationToken.None);
        Greet(running.Overview, watch);
        if ((await StartedAsync(running))[^1] is BatchAnswer.Refused refused && !batch.IsContinued)
        {
            throw new UsageException(refused.Reason);
        }

        var report = await SeeToEndAsync(host, running, watch, cancellationToken);
        Say(watch, report);
        return Shown(report, watch);
    }

    private async Task<BatchReport> SeeToEndAsync(LocalBatchHost host, LocalBatch running, RunWatch watch, CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(() => cancelled.TrySetResult());
        await Task.WhenAny(running.Ended, cancelled.Task, watch.GaveUp);
        if (!running.Ended.IsCompleted && watch.GaveUp.IsCompleted)
        {
            throw running.FinishFailure ?? new StorageException(StorageFault.Other, $"The batch {batch.Id} cannot be finished.");
        }

        if (!running.Ended.IsCompleted)
        {
            await host.GiveBackAsync(running, GiveBackMax);
        }

        await running.DisposeAsync();
        Rethrow(running.Failure);
        return running.Overview.Phase is BatchPhase.Done
            ? running.Report ?? await ReadReportAsync()
            : await running.LeaveAsync();
    }

    private static async Task<BatchAnswer[]> StartedAsync(LocalBatch running)
    {
        try
        {
            return await running.Started;
        }
        catch
        {
            await running.DisposeAsync();
            Rethrow(running.Failure);
            throw;
        }
    }

    private static void Rethrow(Exception? failure)
    {
        switch (failure)
        {
            case null:
                return;
            case FencedException or JournalDamagedException:
                throw new StorageException(StorageFault.Conflict, $"{failure.Message} Nothing more was done; what is published stays.", failure);
            default:
                ExceptionDispatchInfo.Throw(failure);
                return;
        }
    }

    private async Task<BatchReport> ReadReportAsync() =>
        await StoredBatches.ReadReportAsync(batch.Store, batch.Id, CancellationToken.None)
        ?? throw new StorageException(StorageFault.Missing, $"The report of the batch {batch.Id} is missing. Run it again under another --id.");

    private void Greet(BatchOverview overview, RunWatch watch)
    {
        var done = overview.Committed + overview.Unchanged + (watch.HasGate ? overview.Staged : 0);
        progress?.Listed(batch.Listing with { FilesDone = batch.IsContinued ? done : 0 });
        watch.Tell(
            batch.IsContinued ? "continued" : "started",
            string.Create(CultureInfo.InvariantCulture, $"{batch.Files} files, {batch.Workers} workers"));
    }

    private static void Say(RunWatch watch, BatchReport report)
    {
        var files = report.Ledger.Files;
        watch.Tell("finished", string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Status}: {files.Cleaned} cleaned, {files.Unchanged} unchanged, {files.Failed} failed, {files.Cancelled} not done"));
    }

    /// <summary>The report with what only this process knows: the texts that were rejected first, and what appeared meanwhile.</summary>
    private BatchReport Shown(BatchReport report, RunWatch watch) => report with
    {
        Files = [.. report.Files.Select(file => file.FirstReject is { } reject && watch.ValueOf(file.Path) is { } value
            ? file with { FirstReject = reject with { Value = value } }
            : file)],
        Message = report.Message ?? (batch.AppearedSince == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"This run continued a batch with its own listing; {batch.AppearedSince} inputs appeared since. The same command takes them now.")),
    };
}
