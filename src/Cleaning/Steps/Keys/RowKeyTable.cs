namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// A set of 128-bit keys with a number for each, in flat arrays: 16 bytes per place, 24 with numbers, at most two thirds
/// of them taken.
/// </summary>
internal sealed class RowKeyTable(bool hasNumbers, int keysMax)
{
    private const int FirstCapacity = 1024;

    private UInt128[] _keys = new UInt128[FirstCapacity];
    private long[] _numbers = new long[hasNumbers ? FirstCapacity : 0];

    /// <summary>Keys in the table.</summary>
    public int Count { get; private set; }

    /// <summary>No further key fits.</summary>
    public bool IsFull => Count >= keysMax;

    /// <summary>Forgets all keys and keeps the memory.</summary>
    public void Clear()
    {
        Array.Clear(_keys);
        Count = 0;
    }

    /// <summary>True if the key is there; then <paramref name="number"/> is its number.</summary>
    public bool TryGet(UInt128 key, out long number)
    {
        var place = Find(Taken(key));
        var isThere = _keys[place] != UInt128.Zero;
        number = isThere && hasNumbers ? _numbers[place] : 0;
        return isThere;
    }

    /// <summary>Sets the key's number, adding the key if it is new. The caller has seen that the table is not full.</summary>
    public void Set(UInt128 key, long number)
    {
        var taken = Taken(key);
        var place = Find(taken);
        if (_keys[place] == UInt128.Zero)
        {
            if (++Count > _keys.Length / 3 * 2)
            {
                Grow();
                place = Find(taken);
            }

            _keys[place] = taken;
        }

        if (hasNumbers)
        {
            _numbers[place] = number;
        }
    }

    // Zero marks a free place. A hash is zero once in 2^128.
    private static UInt128 Taken(UInt128 key) => key == UInt128.Zero ? UInt128.One : key;

    /// <summary>Where the key is, or the free place where it belongs. Keys are hashes: their low bits are even already.</summary>
    private int Find(UInt128 key)
    {
        var keys = _keys;
        var mask = keys.Length - 1;
        var place = (int)(uint)key & mask;
        while (keys[place] != key && keys[place] != UInt128.Zero)
        {
            place = (place + 1) & mask;
        }

        return place;
    }

    private void Grow()
    {
        var (keys, numbers) = (_keys, _numbers);
        _keys = new UInt128[keys.Length * 2];
        _numbers = new long[hasNumbers ? keys.Length * 2 : 0];
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] != UInt128.Zero)
            {
                var place = Find(keys[i]);
                _keys[place] = keys[i];
                if (hasNumbers)
                {
                    _numbers[place] = numbers[i];
                }
            }
        }
    }
}
