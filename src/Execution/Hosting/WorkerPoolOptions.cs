namespace OrleansClean.Execution.Hosting;

/// <summary>How a pool works.</summary>
public sealed record WorkerPoolOptions
{
    /// <summary>The pool's name, the same after a restart: a silo's or a machine's.</summary>
    public required string Name { get; init; }

    /// <summary>Grows with every start under the name, so that a newer pool proves that the older is gone.</summary>
    public required long Generation { get; init; }

    /// <summary>Attempts under way at once, each on a thread of its own.</summary>
    public required int Slots { get; init; }

    /// <summary>How often the list of open batches is looked at.</summary>
    public TimeSpan RefreshEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a batch whose attempts are held hears of the pool, at the least. Well below the lease.</summary>
    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Attempts that are taken ahead while attempts take milliseconds. Slow ones are never taken ahead.</summary>
    public int AheadMax { get; init; } = 62;

    /// <summary>Told of decoded bytes and rows since the last call, from any thread; or null.</summary>
    public Action<long, long>? Progress { get; init; }
}
