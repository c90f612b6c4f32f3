using System.Collections.Concurrent;
using System.Globalization;
using OrleansClean.Batches;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Logging;
using OrleansClean.Execution.Reports;

namespace OrleansClean.Execution.Running;

/// <summary>Tells the caller of a run what becomes of its batch: progress, the log, and the offending texts that are in no file.</summary>
internal sealed class RunWatch(PreparedBatch batch, IBatchProgress? progress) : IBatchWatch
{
    private const int ValuesMax = 10_000;

    /// <summary>Failures to list or to finish, one after the other, after which the run gives up. The batch can be gone on with.</summary>
    private const int FinishTriesMax = 20;

    private readonly ConcurrentDictionary<int, FileSummary> _made = new();
    private readonly ConcurrentDictionary<int, int> _workers = new();
    private readonly ConcurrentDictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _gaveUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _finishFailures;
    private BatchListingDocument? _listing;

    /// <summary>True if nothing is published before all files are done: then a file is done when it is ready.</summary>
    public bool HasGate { get; private set; }

    /// <summary>Ends if the batch cannot be finished as things stand.</summary>
    public Task GaveUp => _gaveUp.Task;

    /// <summary>The offending text of a file's first reject, for the terminal; null if it is not known. Bounded.</summary>
    public string? ValueOf(string file) => _values.GetValueOrDefault(file);

    /// <summary>Writes a line about the batch itself to its log.</summary>
    public void Tell(string what, string message) => Write("", 0, 0, what, message);

    /// <summary>There is something to watch from now on.</summary>
    /// <param name="listing">The frozen inputs, in the order of items.</param>
    /// <param name="hasGate">True if nothing is published before all files are done.</param>
    public void Begin(BatchListingDocument listing, bool hasGate)
    {
        _listing = listing;
        HasGate = hasGate;
    }

    public void Started(AttemptId attempt, string file, string worker)
    {
        _workers[attempt.Item] = NumberOf(worker);
        Write(file, attempt, "started", "");
    }

    public void Made(AttemptId attempt, FileSummary summary)
    {
        if (summary.FirstReject?.Value is { } value && _values.Count < ValuesMax)
        {
            _values[summary.Path] = value;
        }

        _made[attempt.Item] = summary;
    }

    public void GaveBack(AttemptId attempt, string file) => Write(file, attempt, "cancelled", "");

    public void Publishing(AttemptId attempt, CommitIntent intent)
    {
        if (!HasGate && intent.Summary is { } summary)
        {
            _made.TryAdd(attempt.Item, summary);
        }
    }

    public void Happened(BatchEvent happened)
    {
        switch (happened)
        {
            case BatchEvent.ItemStaged staged:
                Finish(staged.Attempt, "cleaned");
                break;
            case BatchEvent.ItemCommitted committed when !HasGate:
                Finish(committed.Attempt, "cleaned");
                break;
            case BatchEvent.ItemUnchanged unchanged:
                Finish(unchanged.Attempt, "unchanged");
                break;
            case BatchEvent.ItemFailed failed:
                Fail(failed.Attempt, failed.Failure);
                break;
            case BatchEvent.AttemptFailed failed:
                Retry(failed.Attempt, failed.Failure);
                break;
            case BatchEvent.FinishPostponed when ++_finishFailures >= FinishTriesMax:
                _gaveUp.TrySetResult();
                break;
            case BatchEvent.Listed or BatchEvent.JoinDone or BatchEvent.SweepDone or BatchEvent.ManifestDone:
                _finishFailures = 0;
                break;
        }
    }

    private void Finish(AttemptId attempt, string what)
    {
        if (!_made.TryRemove(attempt.Item, out var summary))
        {
            return;
        }

        progress?.Finished(summary with { Detail = null });
        Write(summary.Path, attempt, what, what is "unchanged" ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.Rows!.In} in, {summary.Rows.Out} out, {summary.Rows.Dropped} dropped, {summary.Rows.Rejected} rejected, {summary.Millis} ms"));
        _workers.TryRemove(attempt.Item, out _);
    }

    private void Fail(AttemptId attempt, Failure failure)
    {
        _made.TryRemove(attempt.Item, out _);
        var item = _listing!.Item(attempt.Item);
        progress?.Finished(FileSummaries.Failed(item, failure, attempt.Number, worker: null));
        Write(item.Name, attempt, "failed", $"{failure.Code}: {failure.Message}");
    }

    private void Retry(AttemptId attempt, Failure failure)
    {
        _made.TryRemove(attempt.Item, out _);
        var name = _listing!.Item(attempt.Item).Name;
        Write(name, attempt, "retrying", failure.Message);
        progress?.Retrying(name, attempt.Number + 1, failure.Message);
    }

    private void Write(string file, AttemptId attempt, string what, string message) =>
        Write(file, attempt.Number, _workers.GetValueOrDefault(attempt.Item), what, message);

    private void Write(string file, int attempt, int worker, string what, string message) =>
        batch.Request.Log?.Write(new BatchLogEntry(batch.Seams.Time.GetUtcNow(), batch.Id, file, attempt, worker, what, message));

    /// <summary>A worker is called <c>MACHINE/3</c>.</summary>
    private static int NumberOf(string worker) =>
        int.TryParse(worker.AsSpan(worker.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
