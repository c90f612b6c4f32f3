using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>Lists the batches of an output root by what they left in it.</summary>
internal static class BatchList
{
    /// <summary>The batches, newest first; those whose inputs are not listed yet, or cannot be read, are left out.</summary>
    public static async Task<IReadOnlyList<ListedBatch>> ReadAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var batches = new List<ListedBatch>();
        foreach (var (id, hasReport) in await StoredBatches.FindAsync(store, cancellationToken))
        {
            if (await HeaderAsync(store, id, cancellationToken) is { } header)
            {
                // A batch that was left has a report too, and is not done.
                var isDone = hasReport && await JournalHistory.IsFinishedAsync(store, id, cancellationToken);
                batches.Add(new ListedBatch(header.BatchId, header.PlanName, header.StartedAt, isDone));
            }
        }

        return [.. batches.OrderByDescending(b => b.SubmittedAt).ThenByDescending(b => b.Id, StringComparer.Ordinal)];
    }

    private static async Task<BatchHeader?> HeaderAsync(IObjectStore store, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await StoredBatches.ReadHeaderAsync(store, id, cancellationToken);
        }
        catch (Exception e) when (e is UsageException or StorageException { Fault: StorageFault.Changed or StorageFault.Missing })
        {
            // Damaged, of another version, or just being replaced.
            return null;
        }
    }
}
