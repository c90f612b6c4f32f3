using OrleansClean.Execution.Running;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>The batches whose documents were read last: many attempts share them.</summary>
internal sealed class BatchCache(IStoreDirectory stores, BatchSeams seams)
{
    private const int BatchesMax = 8;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Key, Lazy<Entry> Entry)> _recent = new();

    /// <summary>The batch and its listing. Throws as reading does; a failure is not kept.</summary>
    public Entry Get(BatchPlace place)
    {
        var key = $"{place.OutputRoot}\n{place.Body}\n{place.Listing}";
        var entry = Find(key, place);
        try
        {
            return entry.Value;
        }
        catch
        {
            Forget(key);
            throw;
        }
    }

    private Lazy<Entry> Find(string key, BatchPlace place)
    {
        lock (_lock)
        {
            for (var node = _recent.First; node is not null; node = node.Next)
            {
                if (node.Value.Key == key)
                {
                    _recent.Remove(node);
                    _recent.AddFirst(node);
                    return node.Value.Entry;
                }
            }

            var entry = new Lazy<Entry>(() => Load(place));
            _recent.AddFirst((key, entry));
            if (_recent.Count > BatchesMax)
            {
                _recent.RemoveLast();
            }

            return entry;
        }
    }

    private void Forget(string key)
    {
        lock (_lock)
        {
            for (var node = _recent.First; node is not null; node = node.Next)
            {
                if (node.Value.Key == key)
                {
                    _recent.Remove(node);
                    return;
                }
            }
        }
    }

    private Entry Load(BatchPlace place)
    {
        var output = stores.Open(place.OutputRoot);
        var batch = CleaningBatch.LoadAsync(output, place.Body, stores, seams, CancellationToken.None).GetAwaiter().GetResult();
        var listing = BatchListingDocument.LoadAsync(output, ObjectName.Parse(place.Listing), CancellationToken.None).GetAwaiter().GetResult();
        return new Entry(batch, listing);
    }

    /// <summary>A batch with its listing.</summary>
    public sealed record Entry(CleaningBatch Batch, BatchListingDocument Listing);
}
