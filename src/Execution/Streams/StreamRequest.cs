using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Execution.Streams;

/// <summary>A stream to clean: rows in, rows out, in order.</summary>
public sealed record StreamRequest
{
    /// <summary>Bytes that are spilled to <see cref="TempFolder"/> by default: 16 GiB.</summary>
    public const long TempBytesDefault = 16L << 30;

    /// <summary>The plan file's path; paths inside it are relative to its folder.</summary>
    public required string PlanPath { get; init; }

    /// <summary>What is cleaned. Read on a thread of its own, and left open.</summary>
    public required Stream Input { get; init; }

    /// <summary>Where cleaned rows go; left open.</summary>
    public required Stream Output { get; init; }

    /// <summary>Where the records of rejected rows go, one JSON object per line; null to count them only. Left open.</summary>
    public Stream? Rejects { get; init; }

    /// <summary>Parameters by name, as written on the command line.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Threads that clean; null for the CPUs that this process may use.</summary>
    public int? Workers { get; init; }

    /// <summary>Bytes that all of them together may use, or null.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Overrules <c>run.max_rejects</c>.</summary>
    public RejectLimit? MaxRejects { get; init; }

    /// <summary>Overrules <c>run.timeout</c>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Where the input is spilled if the plan must see all rows first.</summary>
    public string TempFolder { get; init; } = Path.GetTempPath();

    /// <summary>Bytes of it, at most.</summary>
    public long TempBytesMax { get; init; } = TempBytesDefault;
}
