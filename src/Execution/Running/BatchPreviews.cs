using OrleansClean.Execution.Publishing;

namespace OrleansClean.Execution.Running;

/// <summary>Tells what a prepared batch would do.</summary>
internal static class BatchPreviews
{
    public static BatchPreview Of(PreparedBatch batch, CancellationToken cancellationToken)
    {
        var upToDate = new UpToDate(batch);
        var combined = batch.Plan.Write.Combine ? new CombinedOutput(batch, new Publisher(batch)).FindCurrent() : null;
        return new BatchPreview(batch.Listing, [.. batch.Items.Select(item =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (item.Refusal is not null)
            {
                return new PlannedFile(item.Name, item.Bytes, "", "fail", item.Refusal);
            }

            var isCurrent = combined is not null
                || (!batch.Plan.Write.Combine && upToDate.IsCurrent(item));
            return new PlannedFile(item.Name, item.Bytes, batch.Template.PathOf(item.Output!.Value), isCurrent ? "skip" : "clean", null);
        })]);
    }
}
