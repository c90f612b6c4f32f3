using System.Diagnostics.CodeAnalysis;

namespace OrleansClean.Execution.Mapping.Pools;

/// <summary>
/// Results by input, for all workers, bounded. Each part keeps a young and an old half: when the young one is full, the old one goes and
/// the young one is old. What is asked for comes back into the young half, so that it stays, as in a list by last use, without the list.
/// </summary>
internal sealed class Memo<TKey, TValue>
    where TKey : notnull
{
    private const int PartsMax = 16;
    private readonly Part[] _parts;
    private long _hits;

    /// <summary>Remembers at most <paramref name="countMax"/> results.</summary>
    public Memo(int countMax, IEqualityComparer<TKey>? comparer = null)
    {
        _parts = new Part[Math.Clamp(countMax / 64, 1, PartsMax)];
        for (var i = 0; i < _parts.Length; i++)
        {
            var share = (countMax / _parts.Length) + (i < countMax % _parts.Length ? 1 : 0);
            _parts[i] = new Part(share, comparer ?? EqualityComparer<TKey>.Default);
        }
    }

    /// <summary>Results that were found.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>Results that are remembered now.</summary>
    public int Count => _parts.Sum(part => part.Count);

    /// <summary>Looks one up, and counts it if it is there.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!PartOf(key).TryGet(key, out value))
        {
            return false;
        }

        Interlocked.Increment(ref _hits);
        return true;
    }

    /// <summary>Remembers one.</summary>
    public void Add(TKey key, TValue value) => PartOf(key).Add(key, value);

    private Part PartOf(TKey key) => _parts[(uint)_parts[0].Comparer.GetHashCode(key) % (uint)_parts.Length];

    private sealed class Part(int countMax, IEqualityComparer<TKey> comparer)
    {
        private readonly Lock _lock = new();
        private readonly int _youngMax = (countMax + 1) / 2;
        private Dictionary<TKey, TValue> _young = new(comparer);
        private Dictionary<TKey, TValue> _old = new(comparer);

        public IEqualityComparer<TKey> Comparer => comparer;

        public int Count
        {
            get
            {
                lock (_lock)
                {
                    return _young.Count + _old.Count;
                }
            }
        }

        public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
        {
            lock (_lock)
            {
                if (_young.TryGetValue(key, out value))
                {
                    return true;
                }

                if (!_old.Remove(key, out value))
                {
                    return false;
                }

                AddYoung(key, value);
                return true;
            }
        }

        public void Add(TKey key, TValue value)
        {
            lock (_lock)
            {
                if (!_young.ContainsKey(key) && !_old.ContainsKey(key))
                {
                    AddYoung(key, value);
                }
            }
        }

        private void AddYoung(TKey key, TValue value)
        {
            if (_young.Count >= _youngMax || _young.Count + _old.Count >= countMax)
            {
                // With room for one result only, nothing is ever old.
                (_old, _young) = (countMax == 1 ? _old : _young, new Dictionary<TKey, TValue>(comparer));
            }

            _young.Add(key, value);
        }
    }
}
