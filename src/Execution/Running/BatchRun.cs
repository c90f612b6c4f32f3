using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.ExceptionServices;
using OrleansClean.Execution.Logging;
using OrleansClean.Execution.Publishing;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.State;

namespace OrleansClean.Execution.Running;

/// <summary>
/// One batch while it runs: its workers, and what each finished file does to it. Without a gate a file is published by
/// the worker that cleaned it; with one, and for a combined output, it is held back until all files are done.
/// </summary>
internal sealed class BatchRun : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<ReadyFile> _held = [];
    private readonly Publisher _publisher;
    private readonly CancellationTokenSource _cancelled;
    private ExceptionDispatchInfo? _fatal;

    public BatchRun(PreparedBatch batch, IBatchProgress? progress, CancellationToken callerToken)
    {
        Batch = batch;
        Progress = progress;
        Queue = new WorkQueue(batch.Items, batch.Workers, batch.Request.FileOrder);
        Log = FilesLog.Open(batch);
        _publisher = new Publisher(batch);
        _cancelled = CancellationTokenSource.CreateLinkedTokenSource(callerToken);
        if (batch.Plan.Run.Timeout is { } timeout)
        {
            _cancelled.CancelAfter(timeout);
        }
    }

    public PreparedBatch Batch { get; }

    public IBatchProgress? Progress { get; }

    public WorkQueue Queue { get; }

    /// <summary>Cancelled by the caller or by the batch's time limit.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>What is known of each file.</summary>
    public FilesLog Log { get; }

    /// <summary>Offending texts of first rejects by file, for the terminal; they are in no file. Bounded.</summary>
    public ConcurrentDictionary<int, string> FirstValues { get; } = new();

    /// <summary>Why the batch was not published, or null.</summary>
    public string? Excess { get; private set; }

    /// <summary>Bytes of the combined output, if there is one.</summary>
    public long? CombinedBytes { get; private set; }

    private const int FirstValuesMax = 10_000;

    private bool HoldsBack => Batch.Gate.HoldsBack || Batch.Plan.Write.Combine;

    /// <summary>Runs all files and publishes what may be published.</summary>
    public async Task RunAsync()
    {
        Tell("started", string.Create(CultureInfo.InvariantCulture, $"{Batch.Items.Length} files, {Batch.Workers} workers"));
        if (!TakeCombinedAsItIs())
        {
            await Task.WhenAll(Enumerable.Range(1, Math.Min(Batch.Workers, Batch.Items.Length)).Select(StartWorker));
            _fatal?.Throw();
            await Task.Run(PublishHeld);
        }
    }

    /// <summary>Takes one file's outcome. Throws if it cannot be published; then nothing of it is visible or kept.</summary>
    public void Finish(BatchItem item, FileSummary summary, ReadyFile? ready)
    {
        if (ready is not null && HoldsBack)
        {
            lock (_lock)
            {
                _held.Add(ready);
            }
        }
        else if (ready is not null)
        {
            using (ready.Outputs)
            {
                _publisher.Publish(ready);
            }
        }

        Record(item, summary);
    }

    /// <summary>Writes a line about the batch itself to its log.</summary>
    public void Tell(string what, string message) =>
        Batch.Request.Log?.Write(new BatchLogEntry(Batch.Seams.Time.GetUtcNow(), Batch.Id, "", 0, 0, what, message));

    public void Dispose()
    {
        foreach (var ready in _held)
        {
            ready.Outputs.Dispose();
        }

        Log.Dispose();
        _cancelled.Dispose();
    }

    private void Record(BatchItem item, FileSummary summary)
    {
        Log.Add(item.Index, summary);
        if (summary.FirstReject?.Value is { } value && FirstValues.Count < FirstValuesMax)
        {
            FirstValues[item.Index] = value;
        }

        Progress?.Finished(summary with { Detail = null });
    }

    private Task StartWorker(int number)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                new FileWorker(this, number).Work();
            }
#pragma warning disable CA1031 // It is thrown again in the thread that waits for the batch.
            catch (Exception e)
#pragma warning restore CA1031
            {
                lock (_lock)
                {
                    _fatal ??= ExceptionDispatchInfo.Capture(e);
                }

                _cancelled.Cancel();
            }
            finally
            {
                done.SetResult();
            }
        })
        {
            // Cleaning computes for minutes: on the shared pool it would starve everything else in the process.
            IsBackground = true,
            Name = string.Create(CultureInfo.InvariantCulture, $"cleaner {number}"),
        };
        thread.Start();
        return done.Task;
    }

    private bool TakeCombinedAsItIs()
    {
        if (!Batch.Plan.Write.Combine || new CombinedOutput(Batch, _publisher).FindCurrent() is not { } files)
        {
            return false;
        }

        foreach (var item in Batch.Items)
        {
            Record(item, files[item.Index]);
        }

        CombinedBytes = files[0].Output?.Bytes;
        return true;
    }

    private void PublishHeld()
    {
        if (!HoldsBack)
        {
            return;
        }

        _held.Sort((a, b) => a.Item.Index.CompareTo(b.Item.Index));
        if (Cancelled.IsCancellationRequested)
        {
            _held.ForEach(ready => Log.Forget(ready.Item.Index));
            return;
        }

        if (Batch.Plan.Write.Combine)
        {
            foreach (var (file, failure) in CombinedOutput.FindMisfits(_held).ToList())
            {
                file.Outputs.Dispose();
                _held.Remove(file);
                Record(file.Item, failure);
            }
        }

        Excess = Batch.Gate.FindExcess(Count());
        if (Excess is not null)
        {
            Withhold();
        }
        else if (!Batch.Plan.Write.Combine)
        {
            _held.ForEach(PublishOne);
        }
        else if (_held.Count > 0)
        {
            var output = new CombinedOutput(Batch, _publisher).Publish(_held);
            CombinedBytes = output.Bytes;
            _held.ForEach(ready => Log.Add(ready.Item.Index, ready.Summary with { Output = output }));
        }
    }

    private GateCounts Count()
    {
        var totals = new BatchTotals();
        BatchConclusion.ForEach(this, totals.Add);
        var ledger = totals.Ledger;
        return new GateCounts(ledger.Rows.In, ledger.Rows.Out, ledger.Rows.Rejected, ledger.Rows.Dropped, ledger.Files.Found, ledger.Files.Failed);
    }

    /// <summary>Publishes nothing, and keeps the records of rejected rows so that the user can see why.</summary>
    private void Withhold()
    {
        foreach (var ready in _held)
        {
            _publisher.KeepRecords(ready);
            Log.Add(ready.Item.Index, ready.Summary with { Output = null, Rejects = null });
        }
    }

    private void PublishOne(ReadyFile ready)
    {
        try
        {
            _publisher.Publish(ready);
        }
        catch (Storage.StorageException e)
        {
            Record(ready.Item, FileSummaries.Failed(ready.Item.Name, Cleaning.ProblemCodes.StorageError, e.Message) with
            {
                Attempts = ready.Summary.Attempts,
                InputEtag = ready.Summary.InputEtag,
                InputBytes = ready.Summary.InputBytes,
            });
        }
    }
}
