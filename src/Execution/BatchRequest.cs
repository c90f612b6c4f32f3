using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Execution;

/// <summary>A batch to run: what the command line or a caller asks for.</summary>
public sealed record BatchRequest
{
    /// <summary>The plan file's path; paths inside it are relative to its folder.</summary>
    public required string PlanPath { get; init; }

    /// <summary>Inputs named by the caller (paths or globs, relative to the working folder, or addresses); empty to use <c>read.files</c>.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>The folder or address that <c>write:</c> is resolved against instead of the plan's folder, or null.</summary>
    public string? OutputDirectory { get; init; }

    /// <summary>The batch's id, or null to derive it.</summary>
    public string? Id { get; init; }

    /// <summary>Files cleaned side by side; null for the CPUs that this process may use.</summary>
    public int? Workers { get; init; }

    /// <summary>Bytes that all workers together may use, or null.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Parameters by name, as written on the command line.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Overrules <c>run.max_rejects</c>.</summary>
    public RejectLimit? MaxRejects { get; init; }

    /// <summary>Overrules <c>run.timeout</c>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Overrules <c>run.file_timeout</c>.</summary>
    public TimeSpan? FileTimeout { get; init; }

    /// <summary>Clean files again whose output is up to date.</summary>
    public bool Force { get; init; }

    /// <summary>Refuse to replace an output that this plan did not write.</summary>
    public bool NoClobber { get; init; }

    /// <summary>Record a SHA-256 of every input.</summary>
    public bool HashInputs { get; init; }

    /// <summary>The folder that relative paths of the caller start from; null for the process's working folder.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Opens the addresses that inputs and outputs name; null where there are folders only.</summary>
    public Hosting.IStoreDirectory? Stores { get; init; }

    /// <summary>Told of every event of the batch, or null.</summary>
    public Logging.IBatchLog? Log { get; init; }

    /// <summary>The order in which files are started; null for largest first. Tests shuffle it: the bytes must not change.</summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<string>>? FileOrder { get; init; }
}
