using System.Text.Json;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// What batches published whose process was killed is in their journals only. The next batch of the root puts it into the index of
/// outputs first: else it would take those outputs for somebody else's.
/// </summary>
internal static class UnfinishedOutputs
{
    /// <summary>Adds the outputs of all batches without a report. Only for the holder of the root's lock.</summary>
    public static async Task AdoptAsync(IObjectStore store, IStoreDirectory stores, BatchSeams seams, CancellationToken cancellationToken)
    {
        foreach (var (id, _) in (await StoredBatches.FindAsync(store, cancellationToken)).Where(batch => !batch.Value).OrderBy(batch => batch.Key, StringComparer.Ordinal))
        {
            var book = new BatchLedgerBook(store, id, body => CleaningBatch.LoadAsync(store, body, stores, seams, CancellationToken.None));
            try
            {
                await book.RefreshAsync(cancellationToken);
                if (book.Batch is not null)
                {
                    await book.MergeIndexAsync(cancellationToken);
                }
            }
            catch (Exception e) when (e is PlanException or UsageException or JsonException or JournalDamagedException)
            {
                // What that batch wrote cannot be told. Its outputs count as unknown and are made again.
            }
        }
    }
}
