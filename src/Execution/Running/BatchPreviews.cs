using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Running;

/// <summary>Tells what a prepared batch would do.</summary>
internal static class BatchPreviews
{
    public static async Task<BatchPreview> OfAsync(PreparedBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Frozen is not { } frozen)
        {
            var lister = new BatchLister(batch.Batch);
            var listing = await lister.ListAsync(batch.Source, cancellationToken);
            return new BatchPreview(batch.Listing, [.. listing.Items.Select(item => Planned(batch, item, item.Record is not null && IsSame(item)))]);

            // Where only the tag differs the content would have to be read.
            bool IsSame(ListedInput item) => listing.Header.IsCombined || lister.HasRecordedTag(item);
        }

        var state = await JournalHistory.LoadAsync(batch.Store, batch.Id, cancellationToken);
        var begun = state?.Listing is null ? null : await BatchListingDocument.LoadAsync(batch.Store, ObjectName.Parse(state.Listing), cancellationToken);
        var done = Enumerable.Range(0, begun?.Count ?? 0)
            .Where(item => state!.Item(item).Status is Batches.ItemStatus.Committed or Batches.ItemStatus.Unchanged)
            .Select(item => begun!.Item(item).Name)
            .ToHashSet(StringComparer.Ordinal);
        return new BatchPreview(batch.Listing, [.. Enumerable.Range(0, frozen.Count).Select(frozen.Item).Select(item => Planned(batch, item, done.Contains(item.Name)))]);
    }

    private static PlannedFile Planned(PreparedBatch batch, ListedInput item, bool isCurrent) => item.Refusal is not null
        ? new PlannedFile(item.Name, item.Bytes, "", "fail", item.Refusal)
        : new PlannedFile(item.Name, item.Bytes, batch.Batch.Template.PathOf(item.Output), isCurrent ? "skip" : "clean", null);
}
