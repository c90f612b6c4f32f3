using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Execution.Publishing;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>Writes a batch's papers from its book: the manifest, a line for each file, and last the report.</summary>
internal sealed class BatchReportWriter(IObjectStore store, string batchId, BatchLedgerBook book)
{
    /// <summary>Why the batch may not be published if these items fail; null if it may.</summary>
    public async Task<string?> FindExcessAsync(IReadOnlyDictionary<int, Failure> refused, CancellationToken cancellationToken) =>
        book.Batch!.Gate.FindExcess(Counts(await AddUpAsync(refused, cancellationToken)));

    /// <summary>Adds the outputs to the index of their root, and writes the manifest of a batch that came to its end.</summary>
    public async Task WriteManifestAsync(CancellationToken cancellationToken)
    {
        if (book.Batch is null)
        {
            return;
        }

        await book.MergeIndexAsync(cancellationToken);
        var totals = await AddUpAsync(refused: null, cancellationToken);
        if (BatchStatus.IsUnfinished(StatusOf(totals.Ledger.Files)))
        {
            return;
        }

        await ReplaceAsync(StateNames.ManifestFile, async stream =>
        {
            using var manifest = new ManifestWriter(stream, Identity(), Engine.OutputVersion, totals);
            await foreach (var file in book.SummariesAsync(refused: null, cancellationToken))
            {
                manifest.Add(file);
            }
        }, cancellationToken);
    }

    /// <summary>Writes the lines of all files, and last the report; returns it.</summary>
    /// <param name="clock">What the batch cost so far.</param>
    /// <param name="workers">How many attempts ran at once.</param>
    /// <param name="isLeft">True for a batch that is left as it stands: whatever is not done counts as cancelled.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public async Task<BatchReport> WriteReportAsync(BatchClock clock, int workers, bool isLeft, CancellationToken cancellationToken)
    {
        var totals = new BatchTotals();
        long? bytesOfAll = null;
        List<FileSummary> failed = [], others = [];
        await ReplaceAsync(StateNames.FilesFile, async stream =>
        {
            await foreach (var file in book.SummariesAsync(refused: null, cancellationToken))
            {
                totals.Add(file);
                bytesOfAll ??= file.Output?.Bytes;
                JsonSerializer.Serialize(stream, file, ExecutionJson.Lines.FileSummary);
                stream.WriteByte((byte)'\n');
                var list = file.Status is FileStatus.Failed ? failed : others;
                if (list.Count < BatchReport.FilesMax)
                {
                    list.Add(file with { Detail = null });
                }
            }
        }, cancellationToken);
        CombineBytes(totals, bytesOfAll);
        if (!totals.Ledger.Rows.Balanced)
        {
            throw new InvalidOperationException($"The ledger does not balance: {totals.Ledger.Rows}. This is a bug.");
        }

        var status = isLeft ? BatchStatus.Cancelled : StatusOf(totals.Ledger.Files);
        var report = Report(status, totals, [.. failed.Concat(others).Take(BatchReport.FilesMax)], clock, workers);
        await ReplaceAsync(
            StateNames.ReportFile,
            stream => JsonSerializer.SerializeAsync(stream, report, ExecutionJson.Pages.BatchReport, cancellationToken),
            cancellationToken);
        return report;
    }

    /// <summary>In this order: a coordinator that was taken for dead, and hung anywhere, must not put its papers over its successor's.</summary>
    private async Task ReplaceAsync(string file, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        var name = StateNames.Of(batchId, file);
        var found = await store.FindAsync(name, cancellationToken);
        await book.ProveAsync(cancellationToken);
        await store.ReplaceAsync(name, found, write, cancellationToken);
    }

    private BatchReport Report(string status, BatchTotals totals, ImmutableArray<FileSummary> files, BatchClock clock, int workers) => new()
    {
        BatchId = batchId,
        Status = status,
        StartedAt = book.Listing?.Header.StartedAt ?? clock.StartedAt,
        Plan = Identity(),
        Engine = new EngineIdentity(Engine.Version, Engine.OutputVersion, workers),
        Ledger = totals.Ledger,
        Steps = totals.Steps,
        Expectations = [.. totals.Expectations, .. book.Batch?.Gate.Evaluate(Counts(totals)) ?? []],
        Codes = totals.Codes,
        Files = files,
        Cost = clock.Cost(book.Batch?.Operations ?? store.Operations),
        Links = new BatchLinks(
            StateNames.RejectsFolder + "/",
            StateNames.Of(batchId, StateNames.FilesFile).Value,
            StateNames.Of(batchId, StateNames.ManifestFile).Value),
        Message = MessageOf(status),
    };

    private string StatusOf(FileCounts files) =>
        book.Facts.Listing is null && book.Facts.Message is not null ? BatchStatus.Failed
        : files.Cancelled > 0 || (book.Facts.Listing is null && book.Facts.Stop is not null)
            ? book.Facts.Stop is StopReason.TimedOut ? BatchStatus.Timeout : BatchStatus.Cancelled
        : book.Facts.IsGateClosed ? BatchStatus.LimitExceeded
        : files.Failed == 0 ? BatchStatus.Done
        : files.Failed == files.Found ? BatchStatus.Failed
        : BatchStatus.Partial;

    private string? MessageOf(string status) => status switch
    {
        BatchStatus.Timeout => string.Create(
            CultureInfo.InvariantCulture,
            $"The time limit of {book.Batch?.Plan.Run.Timeout?.TotalSeconds:0.###} s was reached. Finished files are published; the same command continues."),
        BatchStatus.Cancelled => "Cancelled. Finished files are published; the same command continues.",
        _ => book.Facts.Message,
    };

    private PlanIdentity Identity() => book.Batch is { Plan: var plan }
        ? new(plan.Name, "sha256:" + plan.Fingerprint, plan.Parameters.ToImmutableSortedDictionary(p => p.Key, p => p.Value.Written, StringComparer.Ordinal))
        : new("", "", ImmutableSortedDictionary<string, string>.Empty);

    private static GateCounts Counts(BatchTotals totals)
    {
        var (rows, files) = (totals.Ledger.Rows, totals.Ledger.Files);
        return new GateCounts(rows.In, rows.Out, rows.Rejected, rows.Dropped, files.Found, files.Failed);
    }

    private async Task<BatchTotals> AddUpAsync(IReadOnlyDictionary<int, Failure>? refused, CancellationToken cancellationToken)
    {
        var totals = new BatchTotals();
        long? bytesOfAll = null;
        await foreach (var file in book.SummariesAsync(refused, cancellationToken))
        {
            totals.Add(file);
            bytesOfAll ??= file.Output?.Bytes;
        }

        CombineBytes(totals, bytesOfAll);
        return totals;
    }

    /// <summary>One output of all is counted once.</summary>
    private void CombineBytes(BatchTotals totals, long? bytesOfAll)
    {
        if (bytesOfAll is { } bytes && book.Batch?.Plan.Write.Combine == true)
        {
            totals.SetBytesOut(bytes);
        }
    }
}
