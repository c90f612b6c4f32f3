using OrleansClean.Batches;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Running;

/// <summary>Makes a run's batch known: its listing and its body as documents, and what its coordinator is told first.</summary>
internal sealed class RunStart(PreparedBatch batch)
{
    /// <summary>The frozen inputs, in the order of items.</summary>
    public BatchListingDocument? Listing { get; private set; }

    /// <summary>What the coordinator is told.</summary>
    public BatchSpec? Spec { get; private set; }

    /// <summary>Writes the documents and returns the coordinator's first inputs. Only under the root's lock.</summary>
    public Task<List<BatchInput>> PrepareAsync(CancellationToken cancellationToken) =>
        batch.Choice.Existing is { } existing ? ContinueAsync(existing, cancellationToken) : BeginAsync(cancellationToken);

    private async Task<List<BatchInput>> BeginAsync(CancellationToken cancellationToken)
    {
        await RemoveBeginningsAsync(cancellationToken);
        await UnfinishedOutputs.AdoptAsync(batch.Store, batch.Stores, batch.Seams, cancellationToken);
        var listing = await new BatchLister(batch.Batch).ListAsync(batch.Source, cancellationToken);
        var (name, content) = await listing.WriteAsync(batch.Store, batch.Request.FileOrder, Precondition.Absent, cancellationToken);
        Listing = BatchListingDocument.Parse(content);
        return [new BatchInput.Submit(await SpecAsync(name.Value, cancellationToken)) { At = default }];
    }

    /// <summary>A batch that was left is gone on with under this request's limits; one that stopped early is taken up again before.</summary>
    private async Task<List<BatchInput>> ContinueAsync(ExistingBatch existing, CancellationToken cancellationToken)
    {
        var name = ObjectName.Parse(existing.Spec.BodyDocument);
        var body = await batch.Store.ReadDocumentAsync(name, cancellationToken)
            ?? throw new StorageException(StorageFault.Missing, $"The batch's document {batch.Store.Locate(name)} is missing. Run it again under another --id.");
        var listing = BatchSubmission.Parse(body.Content.Span).Listing
            ?? throw new UsageException($"The batch {batch.Id} was not begun by this command. 'orleansclean batch resume' goes on with it.");
        Listing = await BatchListingDocument.LoadAsync(batch.Store, ObjectName.Parse(listing), cancellationToken);
        if (batch.Request.NoClobber)
        {
            await RefuseStrangersAsync(Listing, cancellationToken);
        }

        await StoredBatches.RemoveReportAsync(batch.Store, batch.Id, cancellationToken);
        return
        [
            new BatchInput.RetryFailed { At = default },
            new BatchInput.Continue(await SpecAsync(listing, cancellationToken)) { At = default },
        ];
    }

    private async Task<BatchSpec> SpecAsync(string listing, CancellationToken cancellationToken)
    {
        var accepted = AcceptedSubmission.Of(batch.Batch.Submission with { Listing = listing }, batch.Stores, batch.Seams);
        await accepted.WriteAsync(batch.Store, cancellationToken);
        Spec = accepted.Spec;
        return accepted.Spec;
    }

    private async Task RefuseStrangersAsync(BatchListingDocument listing, CancellationToken cancellationToken)
    {
        var state = await JournalHistory.LoadAsync(batch.Store, batch.Id, cancellationToken);
        var open = Enumerable.Range(0, listing.Count)
            .Where(item => state?.Listing is null
                || state.Item(item).Status is not (ItemStatus.Committed or ItemStatus.Unchanged or ItemStatus.Intent))
            .Select(listing.Item)
            .Where(item => item.Output.Length > 0)
            .Select(item => ObjectName.Parse(item.Output));
        await new BatchLister(batch.Batch).RefuseStrangersAsync([.. open], cancellationToken);
    }

    /// <summary>A process that was killed before its submit may have left documents that nobody will ask for.</summary>
    private async Task RemoveBeginningsAsync(CancellationToken cancellationToken)
    {
        var scope = new ListScope($"{StateNames.Batches}/{batch.Id}", DepthMax: 1, IncludeHidden: true);
        foreach (var found in (await batch.Store.ListAsync(scope, cancellationToken)).Objects)
        {
            await batch.Store.DeleteAsync(found.Name, found.ETag, cancellationToken);
        }
    }
}
