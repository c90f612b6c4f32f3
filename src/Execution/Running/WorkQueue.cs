using System.Collections.Immutable;

namespace OrleansClean.Execution.Running;

/// <summary>
/// Hands files to workers: largest first, so that no large one is left for the end; small ones in packs, so that workers
/// do not queue for each of thousands.
/// </summary>
internal sealed class WorkQueue
{
    /// <summary>Files of one pack.</summary>
    public const int PackFilesMax = 32;

    /// <summary>Bytes of one pack; a larger file travels alone.</summary>
    public const long PackBytesMax = 256 << 10;

    private readonly Lock _lock = new();
    private readonly BatchItem[] _items;
    private readonly int _workers;
    private int _next;

    public WorkQueue(ImmutableArray<BatchItem> items, int workers, Func<IReadOnlyList<string>, IReadOnlyList<string>>? order)
    {
        _workers = workers;
        _items = order is null ? [.. items.OrderByDescending(i => i.Bytes).ThenBy(i => i.Index)] : Ordered(items, order);
    }

    /// <summary>The next files for one worker; empty if there are no more.</summary>
    public IReadOnlyList<BatchItem> Take()
    {
        lock (_lock)
        {
            // Towards the end packs get smaller, so that all workers end together.
            var filesMax = Math.Clamp((_items.Length - _next) / (_workers * 4), 1, PackFilesMax);
            var start = _next;
            var bytes = 0L;
            while (_next < _items.Length && _next - start < filesMax && (_next == start || bytes + _items[_next].Bytes <= PackBytesMax))
            {
                bytes += _items[_next++].Bytes;
            }

            return new ArraySegment<BatchItem>(_items, start, _next - start);
        }
    }

    private static BatchItem[] Ordered(ImmutableArray<BatchItem> items, Func<IReadOnlyList<string>, IReadOnlyList<string>> order)
    {
        var byName = items.ToDictionary(i => i.Name, StringComparer.Ordinal);
        BatchItem[] ordered = [.. order([.. items.Select(i => i.Name)]).Select(name => byName[name])];
        return ordered.Distinct().Count() == items.Length
            ? ordered
            : throw new ArgumentException("FileOrder must give every name once.", nameof(order));
    }
}
