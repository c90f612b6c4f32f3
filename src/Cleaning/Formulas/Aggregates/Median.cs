namespace OrleansClean.Cleaning.Formulas;

/// <summary>
/// <c>median(x)</c>, exact and in bounded memory: up to a million keys are kept; beyond that, ranges of keys are counted,
/// and each further pass looks 65,536 times closer at the range that holds the middle.
/// </summary>
internal sealed class Median(ColumnType type) : Aggregator
{
    /// <summary>Values that are kept, at most.</summary>
    public const int KeysMax = 1_000_000;

    private readonly bool _isDecimal = type == ColumnType.Decimal;
    private List<UInt128>? _keys = [];
    private KeyHistogram? _histogram;
    private UInt128 _low;
    private UInt128 _high = UInt128.MaxValue;
    private long _below;
    private long _total = -1;
    private long _seen;
    private (UInt128 Low, UInt128 High)? _middle;

    /// <summary>For tests: fewer keys force the later passes.</summary>
    internal int KeyLimit { get; init; } = KeysMax;

    public override Value Result
    {
        get
        {
            if (_middle is not { } middle)
            {
                return Value.Null;
            }

            var low = MedianKey.ToValue(middle.Low, _isDecimal);
            return middle.Low == middle.High ? low : MedianKey.Middle(low, MedianKey.ToValue(middle.High, _isDecimal));
        }
    }

    protected override void Observe(in Value value)
    {
        if (value.IsNull)
        {
            return;
        }

        var key = MedianKey.Of(value, _isDecimal);
        if (key < _low || key > _high)
        {
            return;
        }

        _seen++;
        if (_keys is null)
        {
            _histogram!.Add(key);
            return;
        }

        _keys.Add(key);
        if (_keys.Count > KeyLimit)
        {
            Spill();
        }
    }

    protected override void Join(Aggregator other)
    {
        var median = (Median)other;
        _seen += median._seen;
        if (median._histogram is { } theirs)
        {
            Spill();
            _histogram!.Add(theirs);
        }

        foreach (var key in median._keys ?? [])
        {
            if (_keys is null)
            {
                _histogram!.Add(key);
                continue;
            }

            _keys.Add(key);
            if (_keys.Count > KeyLimit)
            {
                Spill();
            }
        }
    }

    protected override void Forget(Aggregator settled)
    {
        var median = (Median)settled;
        (_low, _high) = (median._low, median._high);
        _seen = 0;
        _histogram = null;
        _keys ??= [];
        _keys.Clear();
    }

    protected override bool NeedsAnotherPass()
    {
        _total = _total < 0 ? _seen : _total;
        _seen = 0;
        if (_total == 0)
        {
            return false;
        }

        // Ranks from zero within the range; for an odd count the two are one.
        var lowRank = ((_total - 1) / 2) - _below;
        var highRank = (_total / 2) - _below;
        if (_keys is not null)
        {
            _keys.Sort();
            _middle = (_keys[(int)lowRank], _keys[(int)highRank]);
            _keys = null;
            return false;
        }

        return Narrow(lowRank, highRank);
    }

    private bool Narrow(long lowRank, long highRank)
    {
        var (bucket, before) = _histogram!.Find(lowRank);
        var (otherBucket, _) = _histogram.Find(highRank);
        var (low, high) = _histogram.Bounds(bucket);
        if (bucket != otherBucket)
        {
            // The middle lies between the two: the largest of one and the smallest of the other.
            _middle = (high, _histogram.Bounds(otherBucket).Low);
        }
        else if (low == high)
        {
            _middle = (low, low);
        }
        else
        {
            (_low, _high) = (low, high);
            _below += before;
            _keys = [];
        }

        _histogram = null;
        return _middle is null;
    }

    private void Spill()
    {
        if (_keys is null)
        {
            return;
        }

        _histogram = new KeyHistogram(_low, _high);
        foreach (var key in _keys)
        {
            _histogram.Add(key);
        }

        _keys = null;
    }
}

/// <summary>Counts keys of one range in 65,536 parts of equal width, with the smallest and largest key of each.</summary>
internal sealed class KeyHistogram
{
    private const int BucketCount = 1 << 16;

    private readonly long[] _counts = new long[BucketCount];
    private readonly UInt128[] _lows = new UInt128[BucketCount];
    private readonly UInt128[] _highs = new UInt128[BucketCount];
    private readonly UInt128 _first;
    private readonly int _shift;

    /// <summary>A histogram of the keys from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public KeyHistogram(UInt128 first, UInt128 last)
    {
        _first = first;

        // A width that is a power of two makes finding the part a shift.
        var bits = 128 - (int)UInt128.LeadingZeroCount(last - first);
        _shift = Math.Max(0, bits - 16);
    }

    public void Add(UInt128 key)
    {
        var bucket = (int)((key - _first) >> _shift);
        Widen(bucket, key, key);
        _counts[bucket]++;
    }

    public void Add(KeyHistogram other)
    {
        for (var i = 0; i < BucketCount; i++)
        {
            if (other._counts[i] > 0)
            {
                Widen(i, other._lows[i], other._highs[i]);
                _counts[i] += other._counts[i];
            }
        }
    }

    /// <summary>The part that holds the key of a rank, and how many keys lie before that part.</summary>
    public (int Bucket, long Before) Find(long rank)
    {
        var before = 0L;
        var bucket = 0;
        while (before + _counts[bucket] <= rank)
        {
            before += _counts[bucket++];
        }

        return (bucket, before);
    }

    /// <summary>The smallest and largest key of a part.</summary>
    public (UInt128 Low, UInt128 High) Bounds(int bucket) => (_lows[bucket], _highs[bucket]);

    private void Widen(int bucket, UInt128 low, UInt128 high)
    {
        var isEmpty = _counts[bucket] == 0;
        _lows[bucket] = isEmpty ? low : UInt128.Min(_lows[bucket], low);
        _highs[bucket] = isEmpty ? high : UInt128.Max(_highs[bucket], high);
    }
}
