using System.Globalization;
using OrleansClean.Execution.Mapping.Lines;

namespace OrleansClean.Execution.Mapping;

/// <summary>How the results of lines are written.</summary>
public enum LineForm
{
    /// <summary>One JSON object for each input: its index, the input, and the result or the error.</summary>
    JsonLines,

    /// <summary>The results alone, one a line; an empty line where there is none.</summary>
    Plain,
}

/// <summary>How a worker process is started.</summary>
/// <param name="Program">The program.</param>
/// <param name="Arguments">Its arguments; the program must call <see cref="MapWorker.Run"/> for them.</param>
public sealed record WorkerCommand(string Program, IReadOnlyList<string> Arguments);

/// <summary>A function by its name and where it comes from.</summary>
/// <param name="Name">The function.</param>
/// <param name="LibraryPath">The assembly that it is in; null for one that comes with the command.</param>
/// <param name="Parameters">Its parameters by name, as written.</param>
public sealed record FunctionReference(string Name, string? LibraryPath, IReadOnlyDictionary<string, string> Parameters);

/// <summary>A map over the lines of a stream: what the command is asked for.</summary>
public sealed record LineMapRequest
{
    /// <summary>The longest wait before a retry.</summary>
    public static TimeSpan RetryDelayMax { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The function.</summary>
    public required FunctionReference Function { get; init; }

    /// <summary>The inputs, one a line. It is read as far as it is needed, and not closed.</summary>
    public required Stream Inputs { get; init; }

    /// <summary>Takes the results. It is not closed.</summary>
    public required Stream Output { get; init; }

    /// <summary>How results are written.</summary>
    public LineForm Form { get; init; }

    /// <summary>Writes one line with one number instead, or null.</summary>
    public Reduction? Reduction { get; init; }

    /// <summary>Results in the order in which they are ready instead of the order of inputs.</summary>
    public bool AsCompleted { get; init; }

    /// <summary>Inputs that a worker takes at once; null to let the map choose, as <see cref="MapOptions.ChunkSize"/> says for streams.</summary>
    public int? ChunkSize { get; init; }

    /// <summary>Workers: threads for functions that come with the command, processes for those of a library. Null for the processors that this process may use.</summary>
    public int? Workers { get; init; }

    /// <summary>How long one input may take, or null.</summary>
    public TimeSpan? InputTimeout { get; init; }

    /// <summary>How long the map may take, or null. What is done then is written.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Further attempts at an input whose function failed or ended its process; an input that ran out of time is not tried again.</summary>
    public int RetriesMax { get; init; }

    /// <summary>The wait before the first retry; it doubles with each.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Results that are remembered, by input; 0 for none. The function must say that it is pure.</summary>
    public int MemoMax { get; init; }

    /// <summary>How worker processes are started; needed for a library.</summary>
    public WorkerCommand? Worker { get; init; }

    /// <summary>Bytes of managed memory that one worker process may have; null for three quarters of what this process may have, divided among all.</summary>
    public long? WorkerMemoryBytes { get; init; }

    /// <summary>Told of what was delivered, from any thread; or null.</summary>
    public Action<LineMapProgress>? Progress { get; init; }

    /// <summary>Told of each line that a worker process writes to its standard output and error, with the worker's name; or null.</summary>
    public Action<string, string>? WorkerSaid { get; init; }

    internal ILineForm NewForm(bool isPart) =>
        Reduction is { } reduction ? new ReducedForm(reduction, isPart)
        : Form is LineForm.Plain ? new PlainLinesForm()
        : new JsonLinesForm();
}

/// <summary>How far a map is.</summary>
/// <param name="Done">Inputs that are done.</param>
/// <param name="Failed">Those of them that failed.</param>
public readonly record struct LineMapProgress(long Done, long Failed);

/// <summary>What came of a map over lines.</summary>
public sealed record LineMapReport
{
    /// <summary>Inputs that have a result.</summary>
    public required long Ok { get; init; }

    /// <summary>Inputs that failed.</summary>
    public required long Failed { get; init; }

    /// <summary>Those that ran out of their own time.</summary>
    public required long TimedOut { get; init; }

    /// <summary>Attempts after the first ones.</summary>
    public required long Retries { get; init; }

    /// <summary>Results that were remembered.</summary>
    public required long MemoHits { get; init; }

    /// <summary>Workers.</summary>
    public required int Workers { get; init; }

    /// <summary>Worker processes that were started in place of one that ended or was ended.</summary>
    public required int WorkersReplaced { get; init; }

    /// <summary>True if the time of the map was up before everything was done.</summary>
    public required bool IsTimedOut { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The first failures, in the order in which they were delivered.</summary>
    public required IReadOnlyList<MapFailure> First { get; init; }

    /// <summary>Inputs that are done.</summary>
    public long Inputs => Ok + Failed;

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ok} ok, {Failed} failed");
}
