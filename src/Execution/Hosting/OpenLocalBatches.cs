using System.Collections.Concurrent;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>The batches that this process coordinates now.</summary>
internal sealed class OpenLocalBatches : IOpenBatches, IAsyncDisposable
{
    /// <summary>How long what is about to be published may take when the host ends; the next host would publish it, too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, LocalBatch> _open = new(StringComparer.Ordinal);

    /// <summary>The batch, or null; one that has ended counts no more.</summary>
    public LocalBatch? Find(string id) => _open.TryGetValue(id, out var batch) && !batch.Ended.IsCompleted ? batch : null;

    /// <summary>Why a batch cannot be coordinated here any more; null if nothing is known against it.</summary>
    public Exception? FailureOf(string id) => _open.TryGetValue(id, out var batch) && batch.Ended.IsCompleted ? batch.Failure : null;

    public void Add(LocalBatch batch) => _open[batch.Id] = batch;

    public Task<IReadOnlyList<IWorkSource>> FindAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IWorkSource>>([.. _open.Values.Where(batch => !batch.Ended.IsCompleted)]);

    /// <summary>Ends them all here, for a reason that those who wait for them are told.</summary>
    public Task FailAsync(StorageException reason) => Task.WhenAll(_open.Values.Select(batch => batch.FailAsync(reason)));

    public async ValueTask DisposeAsync()
    {
        foreach (var batch in _open.Values)
        {
            await batch.SettleAsync(Patience);
            await batch.DisposeAsync();
        }
    }
}
