namespace OrleansClean.Execution.Mapping;

/// <summary>How a map is run. Every limit is off unless it is given.</summary>
public sealed record MapOptions
{
    /// <summary>Workers that a map may have.</summary>
    public const int WorkersMax = 1_024;

    /// <summary>Threads that compute; null for the processors that this process may use.</summary>
    public int? Workers { get; init; }

    /// <summary>
    /// Inputs that a worker takes at once; null to let the map choose. Over a list a free worker takes
    /// <c>ceiling(remaining / (4 × workers))</c> of them, at most 8,192: few turns at first, single inputs at the end, so that nobody waits
    /// for the last worker. Over a stream, whose end is not known, it begins with 1, doubles while a chunk takes less than 5 ms and halves
    /// when it takes more than 50 ms, up to 4,096.
    /// </summary>
    public int? ChunkSize { get; init; }

    /// <summary>
    /// How long one input may take. A function that takes a token is told by it and may end; one that does not end a little later is left alone
    /// with its thread, its input is a failure, and another thread goes on. What it still does cannot be undone: code that may
    /// loop for ever belongs into worker processes, as <c>orleansclean map --library</c> runs it.
    /// </summary>
    public TimeSpan? InputTimeout { get; init; }

    /// <summary>How long the whole map may take. What is done then is in the report, the rest is counted as not done.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Further attempts at an input whose failure <see cref="IsTransient"/> calls transient.</summary>
    public int RetriesMax { get; init; }

    /// <summary>Says whether a failure may pass. Null: none does, and nothing is tried again.</summary>
    public Func<Exception, bool>? IsTransient { get; init; }

    /// <summary>The wait before the first retry; it doubles with each. The worker waits with it: that slows the map down, as it should.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait before a retry.</summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Results that are remembered, by input, for all workers together; 0 for none. Giving it says that the function is pure: equal inputs have
    /// equal results. Beyond the bound those go that were not asked for lately.
    /// </summary>
    public int MemoMax { get; init; }

    /// <summary>Over a stream: results in the order in which they are ready instead of the order of inputs.</summary>
    public bool AsCompleted { get; init; }

    /// <summary>The number of workers for this process. Throws for a value out of range.</summary>
    internal int CountWorkers() => Checked(Workers ?? Math.Min(Environment.ProcessorCount, WorkersMax), 1, WorkersMax, nameof(Workers));

    /// <summary>Throws for what no map can be run with.</summary>
    internal void Check()
    {
        Checked(ChunkSize ?? 1, 1, int.MaxValue, nameof(ChunkSize));
        Checked(RetriesMax, 0, 1_000, nameof(RetriesMax));
        Checked(MemoMax, 0, int.MaxValue, nameof(MemoMax));
        Positive(InputTimeout, nameof(InputTimeout));
        Positive(Timeout, nameof(Timeout));
    }

    private static int Checked(int value, int min, int max, string name) =>
        value >= min && value <= max
            ? value
            : throw new ArgumentOutOfRangeException(name, value, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} takes {min} to {max}."));

    private static void Positive(TimeSpan? time, string name)
    {
        if (time is { } given && (given <= TimeSpan.Zero || given > TimeSpan.FromDays(365)))
        {
            throw new ArgumentOutOfRangeException(name, given, $"{name} takes more than nothing and at most a year.");
        }
    }
}
