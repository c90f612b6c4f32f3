using System.Text.Json;
using OrleansClean.Execution.Reports;
using OrleansClean.Storage;

namespace OrleansClean.Execution.State;

/// <summary>
/// Reads what batches left in <c>ROOT/.orleansclean</c>. Never writes. Methods that take an id take the latest batch for
/// null, and throw <see cref="UsageException"/> if there is no such batch; the message names those that there are.
/// </summary>
public sealed class StateFolder
{
    /// <summary>Levels below a folder in which <see cref="Find"/> looks.</summary>
    public const int LevelsMax = 3;

    private const int IdsShownMax = 5;
    private readonly BatchFolders _batches;

    private StateFolder(string outputRoot)
    {
        OutputRoot = outputRoot;
        _batches = new BatchFolders(outputRoot);
    }

    /// <summary>The folder's name below an output root.</summary>
    public const string FolderName = StateNames.Root;

    /// <summary>The output root, a full path.</summary>
    public string OutputRoot { get; }

    /// <summary>The state of <paramref name="outputRoot"/>. Throws <see cref="UsageException"/> if there is none.</summary>
    public static StateFolder Open(string outputRoot)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outputRoot));
        return HasState(root)
            ? new StateFolder(root)
            : throw new UsageException($"No batch was run with the output folder {ObjectName.Show(root)}: it holds no {FolderName}.");
    }

    /// <summary>
    /// Finds the state nearest to <paramref name="directory"/>: in it, in a folder that contains it, or at most
    /// <see cref="LevelsMax"/> levels below it; of several on one side the one whose last batch is newest. Throws
    /// <see cref="UsageException"/> if there is none.
    /// </summary>
    public static StateFolder Find(string directory)
    {
        var start = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        var above = Ancestors(start).FirstOrDefault(HasState);
        var found = above ?? Below(start).Where(HasState).MaxBy(root => File.GetLastWriteTimeUtc(LatestPath(root)));
        return found is not null
            ? new StateFolder(found)
            : throw new UsageException($"No batch was run in or near {ObjectName.Show(start)}. Run `orleansclean run PLAN` first, or name the output folder with --out.");
    }

    /// <summary>True if a batch has come to its end. One that was cancelled or ran out of time can be taken up again all the same.</summary>
    public bool IsFinished(string id) =>
        Hosting.JournalHistory.IsFinishedAsync(new Storage.Folders.FolderStore(OutputRoot), id, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>True if a process works on a batch of this root now.</summary>
    public bool IsInUse => RootLock.IsTaken(OutputRoot);

    /// <summary>
    /// Removes what finished batches left in this state, but for the newest <paramref name="keep"/> and the latest: journals, listings,
    /// records of rejected rows, reports. Outputs and rejected rows beside them stay. Returns the ids, oldest last. Throws
    /// <see cref="UsageException"/> while a process works here.
    /// </summary>
    public IReadOnlyList<string> Prune(int keep)
    {
        using var held = RootLock.Take(OutputRoot, "prune", TimeProvider.System.GetUtcNow());
        var latest = LatestId();
        var gone = Batches()
            .Where(batch => !IsUnfinished(batch.Id))
            .Skip(keep)
            .Select(batch => batch.Id)
            .Where(id => !string.Equals(id, latest, StringComparison.Ordinal))
            .ToList();
        gone.ForEach(id => Directory.Delete(_batches.PathOf(id, ""), recursive: true));
        return gone;
    }

    /// <summary>All batches, newest first.</summary>
    public IReadOnlyList<BatchEntry> Batches() =>
    [
        .. _batches.Ids()
            .Select(id => (Id: id, Header: _batches.ReadHeaderAsync(id, CancellationToken.None).GetAwaiter().GetResult()))
            .Where(batch => batch.Header is not null)
            .Select(batch => new BatchEntry(batch.Id, _batches.ReadReport(batch.Id)?.Status, batch.Header!.StartedAt))
            .OrderByDescending(batch => batch.StartedAt)
            .ThenByDescending(batch => batch.Id, StringComparer.Ordinal),
    ];

    /// <summary>The id of the batch that ran last.</summary>
    public string LatestId()
    {
        var path = LatestPath(OutputRoot);
        var latest = File.Exists(path) ? File.ReadAllText(path).Trim() : "";
        return StateNames.IsId(latest) && File.Exists(PathOf(latest, StateNames.ListingFile))
            ? latest
            : Batches() is [var newest, ..] ? newest.Id : throw new UsageException($"No batch was run with the output folder {OutputRoot}.");
    }

    /// <summary>The report of a batch; null if the batch did not come to an end.</summary>
    public BatchReport? ReadReport(string? id) => _batches.ReadReport(Resolve(id));

    /// <summary>The bytes of a batch's <c>report.json</c>, or null.</summary>
    public byte[]? ReadReportBytes(string? id)
    {
        var path = PathOf(Resolve(id), StateNames.ReportFile);
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    /// <summary>Opens a batch's <c>files.jsonl</c>, or gives null.</summary>
    public Stream? OpenFiles(string? id)
    {
        var path = PathOf(Resolve(id), StateNames.FilesFile);
        return File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null;
    }

    /// <summary>The summaries of a batch's files; of an unfinished batch those that are done so far.</summary>
    public IEnumerable<FileSummary> ReadFiles(string? id)
    {
        var path = PathOf(Resolve(id), StateNames.FilesFile);
        return File.Exists(path)
            ? File.ReadLines(path).Select(line => JsonSerializer.Deserialize(line, ExecutionJson.Lines.FileSummary)!)
            : [];
    }

    /// <summary>What a batch was started with: its plan and inputs.</summary>
    public BatchOrigin ReadOrigin(string? id)
    {
        var resolved = Resolve(id);
        var header = _batches.ReadHeaderAsync(resolved, CancellationToken.None).GetAwaiter().GetResult()!;
        var inputs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var input in ReadInputs(resolved).Where(i => i.Key is not null))
        {
            inputs[input.Name] = Path.Combine(header.InputRoots[input.Root], input.Key!.Replace('/', Path.DirectorySeparatorChar));
        }

        return new BatchOrigin(header.PlanPath, header.Parameters, inputs);
    }

    /// <summary>The batch that <paramref name="id"/> means.</summary>
    public string Resolve(string? id)
    {
        if (id is null)
        {
            return LatestId();
        }

        if (StateNames.IsId(id) && File.Exists(PathOf(id, StateNames.ListingFile)))
        {
            return id;
        }

        var known = Batches();
        var names = string.Join(", ", known.Take(IdsShownMax).Select(b => b.Id)) + (known.Count > IdsShownMax ? ", …" : "");
        throw new UsageException($"There is no batch '{ObjectName.Show(id)}' in {OutputRoot}. {(known.Count == 0 ? "There is none at all." : $"There is: {names}.")}");
    }

    /// <summary>The frozen inputs of a batch, in the order of names.</summary>
    internal IEnumerable<ListedInput> ReadInputs(string id) => _batches.ReadInputs(id);

    /// <summary>The header of a batch.</summary>
    internal BatchHeader ReadHeader(string id) => _batches.ReadHeaderAsync(id, CancellationToken.None).GetAwaiter().GetResult()!;

    /// <summary>The full path of a batch's file.</summary>
    internal string PathOf(string id, string file) => _batches.PathOf(id, file.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The full path of an output as reports name it.</summary>
    internal string OutputPathOf(string id, string path)
    {
        var folder = ReadHeader(id).OutputFolder;
        var inner = folder.Length == 0 ? path : path[(folder.TrimEnd('/').Length + 1)..];
        return Path.Combine(OutputRoot, ObjectName.Parse(inner).Value.Replace('/', Path.DirectorySeparatorChar));
    }

    /// <summary>True if a batch may still be gone on with: it may have been taken up again after its report.</summary>
    private bool IsUnfinished(string id) =>
        StoredBatches.IsUnfinishedAsync(new Storage.Folders.FolderStore(OutputRoot), id, CancellationToken.None).GetAwaiter().GetResult();

    private static string LatestPath(string root) => Path.Combine(root, FolderName, "latest");

    private static bool HasState(string root) => Directory.Exists(Path.Combine(root, FolderName, "batches"));

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (var next = folder; next is not null; next = Path.GetDirectoryName(next))
        {
            yield return next;
        }
    }

    private static IEnumerable<string> Below(string folder)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = LevelsMax - 1,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint,
        };
        return Directory.Exists(folder) ? Directory.EnumerateDirectories(folder, "*", options) : [];
    }
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
