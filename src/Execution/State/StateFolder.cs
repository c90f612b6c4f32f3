using OrleansClean.Execution.Reports;

namespace OrleansClean.Execution.State;

/// <summary>
/// Reads what batches left in <c>ROOT/.orleansclean</c>. Never writes. Methods that take an id throw
/// <see cref="UsageException"/> if there is no such batch; the message names those that there are.
/// </summary>
public sealed class StateFolder
{
    private StateFolder(string outputRoot) => OutputRoot = outputRoot;

    /// <summary>The folder's name below an output root.</summary>
    public const string FolderName = ".orleansclean";

    /// <summary>The output root, a full path.</summary>
    public string OutputRoot { get; }

    /// <summary>The state of <paramref name="outputRoot"/>. Throws <see cref="UsageException"/> if there is none.</summary>
    public static StateFolder Open(string outputRoot) => throw new InvalidOperationException($"Not built yet {outputRoot}.");

    /// <summary>
    /// Finds the state nearest to <paramref name="directory"/>: in it, in a folder that contains it, or at most three
    /// levels below it; of several the one whose last batch is newest. Throws <see cref="UsageException"/> if there is none.
    /// </summary>
    public static StateFolder Find(string directory) => throw new InvalidOperationException($"Not built yet {directory}.");

    /// <summary>All batches, newest first.</summary>
    public IReadOnlyList<BatchEntry> Batches() => throw new InvalidOperationException(OutputRoot);

    /// <summary>The id of the batch that ran last.</summary>
    public string LatestId() => throw new InvalidOperationException(OutputRoot);

    /// <summary>The report of a batch; null if the batch is unfinished and has none. A null <paramref name="id"/> means the latest.</summary>
    public BatchReport? ReadReport(string? id) => throw new InvalidOperationException(OutputRoot);

    /// <summary>The bytes of a batch's <c>report.json</c>, or null.</summary>
    public byte[]? ReadReportBytes(string? id) => throw new InvalidOperationException(OutputRoot);

    /// <summary>Opens a batch's <c>files.jsonl</c>, or null.</summary>
    public Stream? OpenFiles(string? id) => throw new InvalidOperationException(OutputRoot);

    /// <summary>The summaries of a batch's files.</summary>
    public IEnumerable<FileSummary> ReadFiles(string? id) => throw new InvalidOperationException(OutputRoot);

    /// <summary>What a batch was started with: its plan and inputs.</summary>
    public BatchOrigin ReadOrigin(string? id) => throw new InvalidOperationException(OutputRoot);
}

/// <summary>A batch that left state.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">Its status, or null if it did not come to an end.</param>
/// <param name="StartedAt">When it began.</param>
public sealed record BatchEntry(string Id, string? Status, DateTimeOffset StartedAt);

/// <summary>What a batch was started with.</summary>
/// <param name="PlanPath">The plan's full path.</param>
/// <param name="Parameters">Parameters given by the caller, as written.</param>
/// <param name="Inputs">Input name → full path, in the order of names.</param>
public sealed record BatchOrigin(
    string PlanPath,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyDictionary<string, string> Inputs);
