using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// Adds a batch up from its journal. A batch of many items is read in ranges of the order that is wanted, so that what is in memory does
/// not grow with the batch.
/// </summary>
internal sealed class BatchLedgerBook(IObjectStore store, string batchId, Func<string, Task<CleaningBatch>> loadBatch)
{
    /// <summary>Items whose facts are in memory at once.</summary>
    public const int RangeMax = 8_192;

    private BatchListingDocument? _listing;
    private int[] _byName = [];
    private JournalIndex? _index;

    /// <summary>The batch; null if its inputs were not listed.</summary>
    public CleaningBatch? Batch { get; private set; }

    /// <summary>What the journal tells of the batch as a whole.</summary>
    public ItemFacts Facts { get; private set; } = new(_ => false);

    /// <summary>The frozen inputs; null if there are none.</summary>
    public BatchListingDocument? Listing => _listing;

    /// <summary>The one output of all, once it is joined; else null.</summary>
    public JoinResult? Join { get; private set; }

    /// <summary>The one output of all that this batch made when it was done before; else null.</summary>
    public JoinResult? JoinBefore => ReadJoin(Facts.JoinedBefore);

    /// <summary>Reads the journal as it is now.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        _index = null;
        Facts = await ReadAsync(item => item < RangeMax, cancellationToken);
        Join = ReadJoin(Facts.Joined);
        Batch ??= Facts.Spec is { } spec && Facts.Listing is not null ? await loadBatch(spec.BodyDocument) : null;
        if (_listing is null && Facts.Listing is { } listing)
        {
            _listing = await BatchListingDocument.LoadAsync(store, ObjectName.Parse(listing), cancellationToken);
            _byName = _listing.OrderOfNames();
        }
    }

    /// <summary>
    /// Throws if another coordinator took the batch over, or it was begun anew, since its journal was read. Whoever looks at a name, proves this, and writes on
    /// condition that the name is as it was seen, cannot put an older account over a newer one, however long it hung in between.
    /// </summary>
    public async Task ProveAsync(CancellationToken cancellationToken)
    {
        if (await _index!.IsOvertakenAsync(cancellationToken))
        {
            throw new StorageException(StorageFault.Busy, $"Another coordinator has taken over the batch {batchId}.");
        }
    }

    /// <summary>What waits for the gate, in the order of names.</summary>
    public IAsyncEnumerable<(int Item, CommitIntent Intent)> StagedAsync(CancellationToken cancellationToken) =>
        IntentsAsync(ItemStatus.Staged, cancellationToken);

    /// <summary>What is published, in the order of names.</summary>
    public IAsyncEnumerable<(int Item, CommitIntent Intent)> CommittedAsync(CancellationToken cancellationToken) =>
        IntentsAsync(ItemStatus.Committed, cancellationToken);

    /// <summary>The inputs in the order of names.</summary>
    public IEnumerable<ListedInput> InputsByName() => _byName.Select(index => _listing!.Item(index));

    /// <summary>
    /// Every file's summary in the order of names; what waits for the gate counts as done if <paramref name="refused"/> is not null, but for those
    /// that it holds.
    /// </summary>
    public async IAsyncEnumerable<FileSummary> SummariesAsync(
        IReadOnlyDictionary<int, Failure>? refused, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (index, fact) in FactsAsync(_byName, cancellationToken))
        {
            yield return await SummaryAsync(index, fact, refused, cancellationToken);
        }
    }

    /// <summary>Adds the outputs that are published to the index of their root.</summary>
    public Task MergeIndexAsync(CancellationToken cancellationToken) =>
        OutputIndex.MergeAsync(
            store, batchId, () => Batch!.Plan.Write.Combine ? CombinedRecordAsync(cancellationToken) : RecordsAsync(cancellationToken), ProveAsync, cancellationToken);

    private async IAsyncEnumerable<(int Item, CommitIntent Intent)> IntentsAsync(ItemStatus status, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (index, fact) in FactsAsync(_byName, cancellationToken))
        {
            if (fact?.Status == status)
            {
                yield return (index, fact.Intent);
            }
        }
    }

    private async ValueTask<FileSummary> SummaryAsync(
        int index, ItemFact? fact, IReadOnlyDictionary<int, Failure>? refused, CancellationToken cancellationToken)
    {
        var item = _listing!.Item(index);
        switch (fact?.Status)
        {
            case ItemStatus.Committed when Join is { Failure: { } failure }:
                return Failed(item, fact, failure);
            case ItemStatus.Committed when Join is { Output: { } output }:
                return await fact.ReadSummaryAsync(store, cancellationToken) with { Output = output };
            case ItemStatus.Staged when refused?.TryGetValue(index, out var failure) == true:
                return Failed(item, fact, failure);
            case ItemStatus.Committed or ItemStatus.Unchanged:
            case ItemStatus.Staged when refused is not null:
                return await fact.ReadSummaryAsync(store, cancellationToken);
            case ItemStatus.Staged when Facts.IsGateClosed:
                return await fact.ReadSummaryAsync(store, cancellationToken) with { Output = null, Rejects = null };
            case ItemStatus.Failed:
                return Failed(item, fact, fact.Failure!);
            default:
                return new FileSummary { Path = item.Name, Status = FileStatus.Cancelled, InputEtag = item.Etag, InputBytes = item.Bytes };
        }
    }

    private static JoinResult? ReadJoin(string? text) => text is null ? null : JsonSerializer.Deserialize(text, ExecutionJson.Lines.JoinResult);

    private static FileSummary Failed(ListedInput item, ItemFact fact, Failure failure) =>
        FileSummaries.Failed(item, failure, item.Refusal is null ? fact.Attempts : 0, fact.Worker);

    /// <summary>The records of what this batch published, in the order of outputs.</summary>
    private async IAsyncEnumerable<OutputRecord> RecordsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var outputs = Array.ConvertAll(_byName, index => _listing!.Item(index).Output);
        int[] order = [.. _byName];
        Array.Sort(outputs, order, StringComparer.Ordinal);
        await foreach (var (index, fact) in FactsAsync(order, cancellationToken))
        {
            var item = _listing!.Item(index);
            if (fact is { Status: ItemStatus.Committed or ItemStatus.Intent })
            {
                yield return await RecordAsync(item, fact, cancellationToken);
            }
            else if (fact is { Status: ItemStatus.Unchanged, Intent.IsTouched: true } && await OldRecordAsync(item, cancellationToken) is { } old)
            {
                yield return old.AsListed(item);
            }
        }
    }

    private async Task<OutputRecord?> OldRecordAsync(ListedInput item, CancellationToken cancellationToken)
    {
        try
        {
            return await OutputIndex.ReadOneAsync(store, _listing!.Header.Index!, item.Record!, cancellationToken);
        }
        catch (StorageException e) when (e.Fault is StorageFault.Changed or StorageFault.Missing)
        {
            // Merged before: it is done.
            return null;
        }
    }

    private async ValueTask<OutputRecord> RecordAsync(ListedInput item, ItemFact fact, CancellationToken cancellationToken)
    {
        var summary = await fact.ReadSummaryAsync(store, cancellationToken);
        return new OutputRecord
        {
            Output = item.Output,
            BatchId = batchId,
            Input = item.Name,
            InputEtag = item.Etag,
            InputSha256 = summary.InputSha256,
            Effective = Batch!.Effective,
            Day = summary.Detail!.ClockWasRead ? Batch.Day : null,
            Objects = [.. ObjectsOf(fact)],
            IsUncertain = fact.Status is ItemStatus.Intent,
            Summary = summary,
        };
    }

    /// <summary>The record of the one output of all.</summary>
    private async IAsyncEnumerable<OutputRecord> CombinedRecordAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var objects = ImmutableArray.CreateBuilder<WrittenObject>();
        var wasClockRead = false;
        await foreach (var (_, fact) in FactsAsync(_byName, cancellationToken))
        {
            if (fact is { Status: ItemStatus.Committed or ItemStatus.Intent })
            {
                objects.AddRange(ObjectsOf(fact));
                wasClockRead |= (await fact.ReadSummaryAsync(store, cancellationToken)).Detail!.ClockWasRead;
            }
        }

        var name = InputsByName().FirstOrDefault(item => item.Output.Length > 0)?.Output;
        if (name is null || (objects.Count == 0 && Join is not { Etag: not null }))
        {
            yield break;
        }

        yield return new OutputRecord
        {
            Output = name,
            BatchId = batchId,
            Input = CombinedParts.AllInputs,
            InputEtag = CombinedParts.Digest(InputsByName()),
            Effective = Batch!.Effective,
            Day = wasClockRead ? Batch.Day : null,
            Objects = Join is { Etag: { } etag, Output: { } output }
                ? [.. objects, new WrittenObject(name, etag) { Bytes = output.Bytes, Sha256 = output.Sha256 }]
                : objects.ToImmutable(),
            IsUncertain = Join is not { Etag: not null },
        };
    }

    /// <summary>What a file published that others may find: the batch's own folder is nobody else's.</summary>
    private static IEnumerable<WrittenObject> ObjectsOf(ItemFact fact)
    {
        var tags = fact.Tags.Length == 0 ? null : JsonSerializer.Deserialize(fact.Tags, ExecutionJson.Lines.PublishedTags);
        return fact.Intent.Objects
            .Select((o, i) =>
            {
                var staged = StagedReference.Parse(o.Staged);
                return new WrittenObject(staged.Name.Value, tags?.Tags[i] ?? staged.ETag?.Value ?? "") { Bytes = staged.Bytes, Sha256 = o.Sha256 };
            })
            .Where(o => !o.Name.StartsWith(StateNames.Root + "/", StringComparison.Ordinal));
    }

    /// <summary>What the journal tells of each item, in an order, range by range.</summary>
    private async IAsyncEnumerable<(int Index, ItemFact? Fact)> FactsAsync(int[] order, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var start = 0; start < order.Length; start += RangeMax)
        {
            var range = order[start..Math.Min(start + RangeMax, order.Length)];
            var facts = Facts;
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
