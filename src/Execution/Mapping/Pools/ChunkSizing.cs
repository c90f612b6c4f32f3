namespace OrleansClean.Execution.Mapping.Pools;

/// <summary>How many inputs a worker takes at once over a list: fewer towards the end, so that nobody waits for the last worker.</summary>
internal static class ChunksOfList
{
    /// <summary>Inputs of a chunk at most.</summary>
    public const int CountMax = 8_192;

    /// <summary>Turns that each worker would have if chunks did not become smaller.</summary>
    private const int TurnsPerWorker = 4;

    /// <summary>The next chunk's size where <paramref name="remaining"/> inputs are left.</summary>
    public static int Next(int remaining, int workers, int? asked)
    {
        var turns = (long)TurnsPerWorker * workers;
        return (int)Math.Min(remaining, asked ?? Math.Min((remaining + turns - 1) / turns, CountMax));
    }
}

/// <summary>How many inputs a worker takes at once where nobody knows how many there are: as many as take a few milliseconds.</summary>
internal sealed class ChunksOfStream(int? asked)
{
    /// <summary>Inputs of a chunk at most.</summary>
    public const int CountMax = 4_096;

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(50);
    private int _size = asked ?? 1;

    /// <summary>The next chunk's size.</summary>
    public int Size => Volatile.Read(ref _size);

    /// <summary>A whole chunk of <paramref name="count"/> inputs took this long.</summary>
    public void Measured(int count, TimeSpan elapsed)
    {
        if (asked is not null)
        {
            return;
        }

        var size = Size;
        if (elapsed < Short && count >= size)
        {
            Interlocked.CompareExchange(ref _size, Math.Min(size * 2, CountMax), size);
        }
        else if (elapsed > Long)
        {
            Interlocked.CompareExchange(ref _size, Math.Max(size / 2, 1), size);
        }
    }
}
