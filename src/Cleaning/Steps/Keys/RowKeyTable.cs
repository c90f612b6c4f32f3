using System.Globalization;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// A set of 128-bit keys, none of them zero, with a number for each, in flat arrays: 16 bytes per place, 24 with numbers,
/// at most two thirds of them taken.
/// </summary>
internal sealed class RowKeyTable(bool hasNumbers, int keysMax)
{
    private const int FirstCapacity = 1024;
    private const long LargeBytes = 16 << 20;

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
        var place = Find(key);
        var isThere = _keys[place] != UInt128.Zero;
        number = isThere && hasNumbers ? _numbers[place] : 0;
        return isThere;
    }

    /// <summary>Sets the key's number, adding the key if it is new. The caller has seen that the table is not full.</summary>
    public void Set(UInt128 key, long number)
    {
        var place = Find(key);
        if (_keys[place] == UInt128.Zero)
        {
            if (++Count > _keys.Length / 3 * 2)
            {
                Grow();
                place = Find(key);
            }

            _keys[place] = key;
        }

        if (hasNumbers)
        {
            _numbers[place] = number;
        }
    }

    /// <summary>Where the key is, or the free place where it belongs; zero marks a free place.</summary>
    private int Find(UInt128 key)
    {
        var keys = _keys;
        var mask = keys.Length - 1;
        var place = Scatter(key) & mask;
        while (keys[place] != key && keys[place] != UInt128.Zero)
        {
            place = (place + 1) & mask;
        }

        return place;
    }

    /// <summary>Spreads keys that are texts, which differ in few bits, over the table.</summary>
    private static int Scatter(UInt128 key)
    {
        // Odd constants of the golden ratio and of MurmurHash's finaliser; the high bits depend on all others.
        var mixed = (ulong)key ^ ((ulong)(key >> 64) * 0x9E3779B97F4A7C15);
        mixed = (mixed ^ (mixed >> 32)) * 0xFF51AFD7ED558CCD;
        return (int)(mixed >> 33);
    }

    private void Grow()
    {
        var (keys, numbers) = (_keys, _numbers);
        (_keys, _numbers) = Allocate(keys.Length * 2);
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

    private (UInt128[] Keys, long[] Numbers) Allocate(int capacity)
    {
        if (!HasRoom(capacity * (hasNumbers ? 24L : 16L)))
        {
            throw NoMemory(null);
        }

        try
        {
            return (new UInt128[capacity], new long[hasNumbers ? capacity : 0]);
        }
        catch (OutOfMemoryException e)
        {
            // One request that is refused whole: nothing else of the process is short of memory, and only this file needs it.
            throw NoMemory(e);
        }
    }

    /// <summary>
    /// True if a quarter of the memory that this process may have is left to everything else. The last of it would be granted here, and the next small
    /// request of another file would end the process.
    /// </summary>
    private static bool HasRoom(long bytes)
    {
        if (bytes < LargeBytes || GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3 is not (> 0 and var limit))
        {
            return true;
        }

        return GC.GetTotalMemory(forceFullCollection: false) + bytes <= limit || GC.GetTotalMemory(forceFullCollection: true) + bytes <= limit;
    }

    private FileFailedException NoMemory(OutOfMemoryException? reason) => new(
        ProblemCodes.MemoryLimit,
        string.Create(
            CultureInfo.InvariantCulture,
            $"This process has no memory for more than {Count - 1:N0} different keys of one file. Give it more, clean fewer files side by side (-j), or split the file."),
        reason);
}
