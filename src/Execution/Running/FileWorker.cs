using System.Globalization;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Logging;
using OrleansClean.Execution.Reports;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Running;

/// <summary>One worker: takes files until there are none, and makes of every failure the failure of one file.</summary>
internal sealed class FileWorker(BatchRun run, int number)
{
    private static readonly TimeSpan PauseFirst = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(10);

    private readonly PreparedBatch _batch = run.Batch;
    private readonly UpToDate _upToDate = new(run.Batch);
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{number}");

    /// <summary>Works until the queue is empty or the batch is cancelled.</summary>
    public void Work()
    {
        while (!run.Cancelled.IsCancellationRequested && run.Queue.Take() is { Count: > 0 } pack)
        {
            foreach (var item in pack)
            {
                if (run.Cancelled.IsCancellationRequested)
                {
                    return;
                }

                Process(item);
            }
        }
    }

    private void Process(BatchItem item)
    {
        if (item.Refusal is not null)
        {
            run.Finish(item, FileSummaries.Failed(item.Name, ProblemCodes.StorageError, item.Refusal), ready: null);
            return;
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                TryOnce(item, attempt);
                return;
            }
            catch (OperationCanceledException) when (run.Cancelled.IsCancellationRequested)
            {
                Log(item, attempt, "cancelled", "");
                return;
            }
            catch (Exception e) when (IsTransient(e) && attempt <= _batch.Plan.Run.Retries)
            {
                Log(item, attempt, "retrying", e.Message);
                run.Progress?.Retrying(item.Name, attempt + 1, e.Message);
                if (_batch.Seams.Pause(PauseBefore(attempt), run.Cancelled))
                {
                    return;
                }
            }
#pragma warning disable CA1031 // A poison file must not take others with it: whatever the engine throws costs this file, under its own code.
            catch (Exception e) when (e is not OutOfMemoryException)
#pragma warning restore CA1031
            {
                var failed = Failure(item, e) with { Attempts = attempt, InputEtag = item.ETag.Value, InputBytes = item.Bytes, Worker = _name };
                Log(item, attempt, "failed", $"{failed.Failure!.Code}: {failed.Failure.Message}");
                run.Finish(item, failed, ready: null);
                return;
            }
        }
    }

    private void TryOnce(BatchItem item, int attempt)
    {
        var before = _upToDate.RecordOf(item.Output!);
        if (!_batch.Plan.Write.Combine && _upToDate.Find(item, before, run.Cancelled) is { } current)
        {
            Log(item, 0, current.Status is FileStatus.Unchanged ? "unchanged" : "already-done", "");
            run.Finish(item, current, ready: null);
            return;
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(run.Cancelled);
        if (_batch.Plan.Run.FileTimeout is { } limit)
        {
            timeout.CancelAfter(limit);
        }

        // Written before the work: when a file hangs or kills the process, the log's last line about it names it.
        Log(item, attempt, "started", "");
        var reported = (Bytes: 0L, Rows: 0L);
        var file = new FileAttempt(_batch, item, (bytes, rows) =>
        {
            reported = (reported.Bytes + bytes, reported.Rows + rows);
            run.Progress?.Advanced(bytes, rows);
        });
        var ready = file.Run(before, timeout.Token);
        ready = ready with { Summary = ready.Summary with { Attempts = attempt, Worker = _name } };
        run.Finish(item, ready.Summary, ready);
        Log(item, attempt, "cleaned", string.Create(
            CultureInfo.InvariantCulture,
            $"{ready.Summary.Rows!.In} in, {ready.Summary.Rows.Out} out, {ready.Summary.Rows.Dropped} dropped, {ready.Summary.Rows.Rejected} rejected, {ready.Summary.Millis} ms"));
    }

    private FileSummary Failure(BatchItem item, Exception e) => e switch
    {
        FileFailedException failed => FileSummaries.Failed(item.Name, failed.Code, failed.Message, failed.Line),
        StorageException { Fault: StorageFault.Changed } changed => FileSummaries.Failed(item.Name, ProblemCodes.InputChanged, changed.Message),
        StorageException storage => FileSummaries.Failed(item.Name, ProblemCodes.StorageError, storage.Message),
        IOException or UnauthorizedAccessException => FileSummaries.Failed(item.Name, ProblemCodes.StorageError, e.Message),
        OperationCanceledException => FileSummaries.Failed(item.Name, ProblemCodes.FileTimeout, string.Create(
            CultureInfo.InvariantCulture,
            $"It was not done after {_batch.Plan.Run.FileTimeout?.TotalSeconds:0.###} s. Raise run: {{file_timeout: …}} or --file-timeout, or split the file.")),

        // A message of an exception that nobody foresaw might quote a cell; its kind and place do not.
        _ => FileSummaries.Failed(item.Name, ProblemCodes.InternalError, $"OrleansClean failed in a way that it should not: {e.GetType().Name} in {e.TargetSite?.DeclaringType?.Name}.{e.TargetSite?.Name}. Please report it, with the file if you can."),
    };

    private static bool IsTransient(Exception e) => e is StorageException { IsTransient: true } || (e is IOException && e.InnerException is null);

    /// <summary>Doubling, with a random part so that workers that failed together do not come back together.</summary>
    private static TimeSpan PauseBefore(int attempt)
    {
        var full = PauseFirst * Math.Pow(2, Math.Min(attempt - 1, 10));
#pragma warning disable CA5394 // Nothing here needs a random number that cannot be guessed.
        return (full < PauseMax ? full : PauseMax) * (0.5 + (Random.Shared.NextDouble() / 2));
#pragma warning restore CA5394
    }

    private void Log(BatchItem item, int attempt, string what, string message) =>
        _batch.Request.Log?.Write(new BatchLogEntry(_batch.Seams.Time.GetUtcNow(), _batch.Id, item.Name, attempt, number, what, message));
}
