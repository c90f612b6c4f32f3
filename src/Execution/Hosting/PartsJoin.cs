using OrleansClean.Batches;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Reports;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>Makes one output of the parts that a batch's files published. It may be done again: it finds what it did before.</summary>
internal sealed class PartsJoin(IObjectStore store, string batchId, BatchLedgerBook book, Publication publication)
{
    /// <summary>No item has this place: there are far fewer.</summary>
    private static StageId StageOf(string batchId) => new(StageId.HashOf(batchId), uint.MaxValue, 1);

    /// <summary>The files that do not fit the first one that has columns, with their failures.</summary>
    public async Task<Dictionary<int, Failure>> FindMisfitsAsync(CancellationToken cancellationToken)
    {
        var misfits = new Dictionary<int, Failure>();
        FileSummary? first = null;
        await foreach (var (item, intent) in book.StagedAsync(cancellationToken))
        {
            var summary = await intent.ReadSummaryAsync(store, cancellationToken);
            first ??= summary.Detail!.Columns.IsEmpty ? null : summary;
            if (first is not null && CombinedParts.FindMisfit(summary, first) is { } misfit)
            {
                misfits.Add(item, misfit);
            }
        }

        return misfits;
    }

    /// <summary>Joins and publishes. Throws a transient <see cref="StorageException"/> where that may be tried again.</summary>
    public async Task<JoinResult> JoinAsync(CancellationToken cancellationToken)
    {
        var target = book.InputsByName().First(item => item.Output.Length > 0);
        try
        {
            return await JoinAsync(ObjectName.Parse(target.Output), book.JoinBefore?.Etag ?? target.OutputFound, cancellationToken);
        }
        catch (StorageException e) when (!e.IsTransient)
        {
            return new JoinResult(null, null, new Failure(ProblemCodes.StorageError, e.Message, IsTransient: false));
        }
    }

    private async Task<JoinResult> JoinAsync(ObjectName name, string? expected, CancellationToken cancellationToken)
    {
        using var joined = HostedPart.Begin(store, name, StageOf(batchId));
        var isFirst = true;
        await foreach (var (item, intent) in book.CommittedAsync(cancellationToken))
        {
            var part = CombinedParts.NameOf(batchId, item);
            var found = await store.FindAsync(part, cancellationToken)
                ?? throw new StorageException(StorageFault.Missing, $"The part {store.Locate(part)} is missing. Run the batch again under another id.");
            await using var content = await store.OpenReadAsync(part, found.ETag, cancellationToken);
            CombinedParts.Append(content, joined.Content, keepHeader: isFirst, cancellationToken);
            isFirst &= (await intent.ReadSummaryAsync(store, cancellationToken)).Detail!.Columns.IsEmpty;
        }

        joined.Seal(cancellationToken);
        var precondition = expected is null ? Precondition.Absent : Precondition.Matches(new ETag(expected));
        var commit = new CommitId(StageOf(batchId).ToString());
        return await publication.CommitUntilKnownAsync(joined.Reference!, precondition, joined.Sha256, commit, cancellationToken) switch
        {
            CommitResult.Published published => new JoinResult(new FileOutput(book.Batch!.Template.PathOf(name.Value), joined.Sha256, joined.Bytes), published.ETag.Value, null),
            CommitResult.Conflict conflict => new JoinResult(null, null, new Failure(FailureCodes.OutputConflict, conflict.Reason, IsTransient: false)),
            _ => throw new StorageException(StorageFault.Other, $"Whether {store.Locate(name)} was written is not known."),
        };
    }
}
