namespace OrleansClean.Execution.Hosting;

/// <summary>What was read last of the documents of batches: many attempts share it.</summary>
/// <param name="load">Reads the documents that a place names.</param>
internal sealed class BatchCache<TEntry>(Func<BatchPlace, TEntry> load)
{
    private const int BatchesMax = 8;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Key, Lazy<TEntry> Entry)> _recent = new();

    /// <summary>What a place names. Throws as reading does; a failure is not kept.</summary>
    public TEntry Get(BatchPlace place)
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

    private Lazy<TEntry> Find(string key, BatchPlace place)
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

            var entry = new Lazy<TEntry>(() => load(place));
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
}
