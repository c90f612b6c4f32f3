using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Execution.Publishing;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// Adds a batch up from its journal and writes its papers. A batch of many items is read in ranges of the order that is wanted, so that
/// what is in memory does not grow with the batch.
/// </summary>
internal sealed class BatchLedgerBook(IObjectStore store, string batchId, Func<string, Task<CleaningBatch>> loadBatch)
{
    /// <summary>Items whose facts are in memory at once.</summary>
    public const int RangeMax = 8_192;

    private CleaningBatch? _batch;
    private BatchListingDocument? _listing;
    private int[] _byName = [];
    private ItemFacts _facts = new(_ => false);
    private JournalIndex? _index;

    /// <summary>Reads the journal as it is now.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        _index = null;
        _facts = await ReadAsync(item => item < RangeMax, cancellationToken);
        _batch ??= _facts.Spec is { } spec && _facts.Listing is not null ? await loadBatch(spec.BodyDocument) : null;
        if (_listing is null && _facts.Listing is { } listing)
        {
            _listing = await BatchListingDocument.LoadAsync(store, ObjectName.Parse(listing), cancellationToken);
            _byName = _listing.OrderOfNames();
        }
    }

    /// <summary>Why the batch may not be published, or null.</summary>
    public async Task<string?> FindExcessAsync(CancellationToken cancellationToken)
    {
        var totals = await AddUpAsync(asStaged: true, cancellationToken);
        return _batch!.Gate.FindExcess(Counts(totals));
    }

    /// <summary>What waits for the gate.</summary>
    public async IAsyncEnumerable<CommitIntent> StagedAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (_, fact) in FactsAsync(_byName, cancellationToken))
        {
            if (fact is { Status: ItemStatus.Staged })
            {
                yield return fact.Intent;
            }
        }
    }

    /// <summary>Adds the outputs to the index of their root, and writes the manifest of a batch that came to its end.</summary>
    public async Task WriteManifestAsync(CancellationToken cancellationToken)
    {
        if (_batch is null)
        {
            return;
        }

        await OutputIndex.MergeAsync(store, batchId, () => RecordsAsync(cancellationToken), cancellationToken);
        var totals = await AddUpAsync(asStaged: false, cancellationToken);
        if (BatchStatus.IsUnfinished(StatusOf(totals.Ledger.Files)))
        {
            return;
        }

        await store.ReplaceAsync(StateNames.Of(batchId, StateNames.ManifestFile), async stream =>
        {
            using var manifest = new ManifestWriter(stream, Identity(), Engine.OutputVersion, totals);
            await foreach (var file in SummariesAsync(asStaged: false, cancellationToken))
            {
                manifest.Add(file);
            }
        }, cancellationToken);
    }

    /// <summary>Writes the lines of all files, and last the report.</summary>
    public async Task WriteReportAsync(BatchClock clock, int workers, CancellationToken cancellationToken)
    {
        var totals = new BatchTotals();
        List<FileSummary> failed = [], others = [];
        await store.ReplaceAsync(StateNames.Of(batchId, StateNames.FilesFile), async stream =>
        {
            await foreach (var file in SummariesAsync(asStaged: false, cancellationToken))
            {
                totals.Add(file);
                JsonSerializer.Serialize(stream, file, ExecutionJson.Lines.FileSummary);
                stream.WriteByte((byte)'\n');
                var list = file.Status is FileStatus.Failed ? failed : others;
                if (list.Count < BatchReport.FilesMax)
                {
                    list.Add(file with { Detail = null });
                }
            }
        }, cancellationToken);

        if (!totals.Ledger.Rows.Balanced)
        {
            throw new InvalidOperationException($"The ledger does not balance: {totals.Ledger.Rows}. This is a bug.");
        }

        var report = Report(totals, [.. failed.Concat(others).Take(BatchReport.FilesMax)], clock, workers);
        await store.ReplaceAsync(
            StateNames.Of(batchId, StateNames.ReportFile),
            stream => JsonSerializer.SerializeAsync(stream, report, ExecutionJson.Pages.BatchReport, cancellationToken),
            cancellationToken);
    }

    private BatchReport Report(BatchTotals totals, ImmutableArray<FileSummary> files, BatchClock clock, int workers)
    {
        var status = StatusOf(totals.Ledger.Files);
        return new BatchReport
        {
            BatchId = batchId,
            Status = status,
            StartedAt = _listing?.Header.StartedAt ?? clock.StartedAt,
            Plan = Identity(),
            Engine = new EngineIdentity(Engine.Version, Engine.OutputVersion, workers),
            Ledger = totals.Ledger,
            Steps = totals.Steps,
            Expectations = [.. totals.Expectations, .. _batch?.Gate.Evaluate(Counts(totals)) ?? []],
            Codes = totals.Codes,
            Files = files,
            Cost = clock.Cost(store.Operations + (_batch is { } batch && !ReferenceEquals(batch.Input, store) ? batch.Input.Operations : 0)),
            Links = new BatchLinks(
                StateNames.RejectsFolder + "/",
                StateNames.Of(batchId, StateNames.FilesFile).Value,
                StateNames.Of(batchId, StateNames.ManifestFile).Value),
            Message = MessageOf(status),
        };
    }

    private string StatusOf(FileCounts files) =>
        _facts.Listing is null && _facts.Message is not null ? BatchStatus.Failed
        : files.Cancelled > 0 || (_facts.Listing is null && _facts.Stop is not null)
            ? _facts.Stop is StopReason.TimedOut ? BatchStatus.Timeout : BatchStatus.Cancelled
        : _facts.IsGateClosed ? BatchStatus.LimitExceeded
        : files.Failed == 0 ? BatchStatus.Done
        : files.Failed == files.Found ? BatchStatus.Failed
        : BatchStatus.Partial;

    private string? MessageOf(string status) => status switch
    {
        BatchStatus.Timeout => string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"The time limit of {_batch?.Plan.Run.Timeout?.TotalSeconds:0.###} s was reached. Finished files are published; the same command continues."),
        BatchStatus.Cancelled => "Cancelled. Finished files are published; the same command continues.",
        _ => _facts.Message,
    };

    private PlanIdentity Identity() => _batch is { Plan: var plan }
        ? new(plan.Name, "sha256:" + plan.Fingerprint, plan.Parameters.ToImmutableSortedDictionary(p => p.Key, p => p.Value.Written, StringComparer.Ordinal))
        : new("", "", ImmutableSortedDictionary<string, string>.Empty);

    private static GateCounts Counts(BatchTotals totals)
    {
        var (rows, files) = (totals.Ledger.Rows, totals.Ledger.Files);
        return new GateCounts(rows.In, rows.Out, rows.Rejected, rows.Dropped, files.Found, files.Failed);
    }

    private async Task<BatchTotals> AddUpAsync(bool asStaged, CancellationToken cancellationToken)
    {
        var totals = new BatchTotals();
        await foreach (var file in SummariesAsync(asStaged, cancellationToken))
        {
            totals.Add(file);
        }

        return totals;
    }

    /// <summary>Every file's summary in the order of names.</summary>
    private async IAsyncEnumerable<FileSummary> SummariesAsync(bool asStaged, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (index, fact) in FactsAsync(_byName, cancellationToken))
        {
            yield return await SummaryAsync(index, fact, asStaged, cancellationToken);
        }
    }

    private async ValueTask<FileSummary> SummaryAsync(int index, ItemFact? fact, bool asStaged, CancellationToken cancellationToken)
    {
        var item = _listing!.Item(index);
        switch (fact?.Status)
        {
            case ItemStatus.Committed or ItemStatus.Unchanged:
            case ItemStatus.Staged when asStaged:
                return await fact.Intent.ReadSummaryAsync(store, cancellationToken);
            case ItemStatus.Staged when _facts.IsGateClosed:
                return await fact.Intent.ReadSummaryAsync(store, cancellationToken) with { Output = null, Rejects = null };
            case ItemStatus.Failed:
                return FileSummaries.Failed(item.Name, fact.Failure!.Code, fact.Failure.Message, fact.Failure.Line) with
                {
                    Attempts = item.Refusal is null ? fact.Attempts : 0,
                    InputEtag = item.Refusal is null ? item.Etag : null,
                    InputBytes = item.Bytes,
                    Worker = fact.Worker,
                };
            default:
                return new FileSummary { Path = item.Name, Status = FileStatus.Cancelled, InputEtag = item.Etag, InputBytes = item.Bytes };
        }
    }

    /// <summary>The records of what this batch published, in the order of outputs.</summary>
    private async IAsyncEnumerable<OutputRecord> RecordsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var outputs = Array.ConvertAll(_byName, index => _listing!.Item(index).Output);
        int[] order = [.. _byName];
        Array.Sort(outputs, order, StringComparer.Ordinal);
        await foreach (var (index, fact) in FactsAsync(order, cancellationToken))
        {
            if (fact is { Status: ItemStatus.Committed })
            {
                yield return await RecordAsync(_listing!.Item(index), fact, cancellationToken);
            }
        }
    }

    private async ValueTask<OutputRecord> RecordAsync(ListedInput item, ItemFact fact, CancellationToken cancellationToken)
    {
        var intent = fact.Intent;
        var summary = await intent.ReadSummaryAsync(store, cancellationToken);
        var tags = fact.Tags.Length == 0 ? null : JsonSerializer.Deserialize(fact.Tags, ExecutionJson.Lines.PublishedTags);
        var objects = intent.Objects.Select((o, i) =>
        {
            var staged = StagedReference.Parse(o.Staged);
            return new WrittenObject(staged.Name.Value, tags?.Tags[i] ?? staged.ETag?.Value ?? "");
        });
        return new OutputRecord
        {
            Output = item.Output,
            BatchId = batchId,
            Input = item.Name,
            InputEtag = item.Etag,
            InputSha256 = summary.InputSha256,
            Effective = _batch!.Effective,
            Day = summary.Detail!.ClockWasRead ? _batch.Day : null,

            // The records of rejects are in the batch's own folder: nobody else writes them.
            Objects = [.. objects.Where(o => !o.Name.StartsWith(StateNames.Root + "/", StringComparison.Ordinal))],
            Summary = summary,
        };
    }

    /// <summary>What the journal tells of each item, in an order, range by range.</summary>
    private async IAsyncEnumerable<(int Index, ItemFact? Fact)> FactsAsync(int[] order, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var start = 0; start < order.Length; start += RangeMax)
        {
            var range = order[start..Math.Min(start + RangeMax, order.Length)];
            var facts = _facts;
            if (order.Length > RangeMax)
            {
                var wanted = range.ToHashSet();
                facts = await ReadAsync(wanted.Contains, cancellationToken);
            }

            foreach (var index in range)
            {
                yield return (index, facts.Find(index));
            }
        }
    }

    private async Task<ItemFacts> ReadAsync(Func<int, bool> isWanted, CancellationToken cancellationToken)
    {
        var facts = new ItemFacts(isWanted);
        var events = _index is { } index ? index.ReadAsync(isWanted, cancellationToken) : (_index = new JournalIndex(store, batchId)).BuildAsync(cancellationToken);
        await foreach (var happened in events)
        {
            facts.Add(happened);
        }

        return facts;
    }
}
