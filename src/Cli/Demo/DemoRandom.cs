namespace OrleansClean.Cli.Demo;

/// <summary>SplitMix64: the same numbers for the same seed, on every runtime and for ever.</summary>
internal sealed class DemoRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from zero to below <paramref name="below"/>.</summary>
    public int Next(int below) => (int)(NextBits() % (ulong)below);

    /// <summary>A number from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    public int Between(int from, int to) => from + Next(to - from + 1);

    /// <summary>True once in <paramref name="every"/> times.</summary>
    public bool OneIn(int every) => Next(every) == 0;

    /// <summary>One of <paramref name="choices"/>.</summary>
    public T Pick<T>(ReadOnlySpan<T> choices) => choices[Next(choices.Length)];

    private ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
