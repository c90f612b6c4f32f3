using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Inputs;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Running;
using OrleansClean.Storage;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.State;

/// <summary>
/// Reads what batches left in <c>ROOT/.orleansclean</c>. Writes nothing but when it prunes. Methods that take an id take the latest batch for
/// null, and throw <see cref="UsageException"/> if there is no such batch; the message names those that there are.
/// </summary>
public sealed class StateFolder
{
    /// <summary>Levels below a folder in which <see cref="Find"/> looks.</summary>
    public const int LevelsMax = 3;

    private const int IdsShownMax = 5;
    private readonly IObjectStore _store;

    private StateFolder(string outputRoot, IStoreDirectory stores)
    {
        OutputRoot = outputRoot;
        Stores = stores;
        _store = stores.Open(outputRoot);
    }

    /// <summary>The folder's name below an output root.</summary>
    public const string FolderName = StateNames.Root;

    /// <summary>The output root, a full path or an address.</summary>
    public string OutputRoot { get; }

    /// <summary>The stores that its batches may have to do with.</summary>
    public IStoreDirectory Stores { get; }

    /// <summary>The state of <paramref name="outputRoot"/>. Throws <see cref="UsageException"/> if there is none.</summary>
    /// <param name="outputRoot">A folder or an address.</param>
    /// <param name="stores">Opens addresses; null where there are folders only.</param>
    public static StateFolder Open(string outputRoot, IStoreDirectory? stores = null)
    {
        if (StoreAddress.Is(outputRoot))
        {
            var state = new StateFolder(outputRoot.TrimEnd('/'), StoresOf(stores));
            return state.Ids().Count > 0
                ? state
                : throw new UsageException($"No batch was run with the output root {ObjectName.Show(outputRoot)}: it holds no {FolderName}.");
        }

        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outputRoot));
        return HasState(root)
            ? new StateFolder(root, StoresOf(stores))
            : throw new UsageException($"No batch was run with the output folder {ObjectName.Show(root)}: it holds no {FolderName}.");
    }

    /// <summary>
    /// Finds the state nearest to <paramref name="directory"/>: in it, in a folder that contains it, or at most
    /// <see cref="LevelsMax"/> levels below it; of several on one side the one whose last batch is newest. Throws
    /// <see cref="UsageException"/> if there is none.
    /// </summary>
    public static StateFolder Find(string directory, IStoreDirectory? stores = null)
    {
        var start = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        var above = Ancestors(start).FirstOrDefault(HasState);
        var found = above ?? NewestOf([.. Below(start).Where(HasState)]);
        return found is not null
            ? new StateFolder(found, StoresOf(stores))
            : throw new UsageException($"No batch was run in or near {ObjectName.Show(start)}. Run `orleansclean run PLAN` first, or name the output folder with --out.");
    }

    /// <summary>The root whose last batch is newest. A copy has the same last batch as its original: which is meant must be said.</summary>
    private static string? NewestOf(List<string> roots)
    {
        var newest = roots.MaxBy(root => File.GetLastWriteTimeUtc(LatestPath(root)));
        if (newest is null)
        {
            return null;
        }

        var id = LatestOf(newest);
        var begun = BeginningOf(newest, id);
        var same = roots.Where(root => string.Equals(LatestOf(root), id, StringComparison.Ordinal) && string.Equals(BeginningOf(root, id), begun, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToList();
        return same.Count == 1 || begun.Length == 0
            ? newest
            : throw new UsageException($"The last batch '{ObjectName.Show(id)}' stands in {ObjectName.Show(same[0])} and in {ObjectName.Show(same[1])}: one may be a copy. Name the one that you mean with --out.");
    }

    /// <summary>True if a batch has come to its end. One that was cancelled or ran out of time can be taken up again all the same.</summary>
    public bool IsFinished(string id) => Wait(JournalHistory.IsFinishedAsync(_store, id, CancellationToken.None));

    /// <summary>True if a process works on a batch of this root now.</summary>
    public bool IsInUse => HeldRoot.IsTaken(_store, OutputRoot);

    /// <summary>
    /// Removes what finished batches left in this state, but for the newest <paramref name="keep"/> and the latest: journals, listings,
    /// records of rejected rows, reports. Outputs and rejected rows beside them stay. Returns the ids, oldest last. Throws
    /// <see cref="UsageException"/> while a process works here.
    /// </summary>
    public async Task<IReadOnlyList<string>> PruneAsync(int keep, CancellationToken cancellationToken)
    {
        await using var held = new HeldRoot(_store, OutputRoot, BatchSeams.Real, _ => Task.CompletedTask);
        await held.TakeAsync("prune", cancellationToken);
        var latest = LatestId();
        List<string> gone = [];
        foreach (var id in Batches().Select(batch => batch.Id))
        {
            if (!await StoredBatches.IsUnfinishedAsync(_store, id, cancellationToken))
            {
                gone.Add(id);
            }
        }

        gone = [.. gone.Skip(keep).Where(id => !string.Equals(id, latest, StringComparison.Ordinal))];
        foreach (var id in gone)
        {
            await StoredBatches.RemoveAsync(_store, id, cancellationToken);
        }

        return gone;
    }

    /// <summary>All batches, newest first.</summary>
    public IReadOnlyList<BatchEntry> Batches() =>
    [
        .. Ids()
            .Select(id => (Id: id, Header: Wait(StoredBatches.ReadHeaderAsync(_store, id, CancellationToken.None))))
            .Where(batch => batch.Header is not null)
            .Select(batch => new BatchEntry(batch.Id, Report(batch.Id)?.Status, batch.Header!.StartedAt))
            .OrderByDescending(batch => batch.StartedAt)
            .ThenByDescending(batch => batch.Id, StringComparer.Ordinal),
    ];

    /// <summary>The id of the batch that ran last.</summary>
    public string LatestId()
    {
        var latest = _store.ReadDocumentAsync(StateNames.Latest, CancellationToken.None).Now() is { } document
            ? System.Text.Encoding.UTF8.GetString(document.Content.Span).Trim()
            : "";
        return StateNames.IsId(latest) && Exists(latest, StateNames.ListingFile)
            ? latest
            : Batches() is [var newest, ..] ? newest.Id : throw new UsageException($"No batch was run with the output folder {OutputRoot}.");
    }

    /// <summary>The report of a batch; null if the batch did not come to an end.</summary>
    public BatchReport? ReadReport(string? id) => Report(Resolve(id));

    /// <summary>The bytes of a batch's <c>report.json</c>, or null.</summary>
    public byte[]? ReadReportBytes(string? id) => ReadBytes(StateNames.Of(Resolve(id), StateNames.ReportFile));

    /// <summary>Opens a batch's <c>files.jsonl</c>, or gives null.</summary>
    public Stream? OpenFiles(string? id) => Open(StateNames.Of(Resolve(id), StateNames.FilesFile));

    /// <summary>The summaries of a batch's files; of an unfinished batch those that were done when it was left.</summary>
    public IEnumerable<FileSummary> ReadFiles(string? id) =>
        ReadLines(StateNames.Of(Resolve(id), StateNames.FilesFile)).Select(line => JsonSerializer.Deserialize(line, ExecutionJson.Lines.FileSummary)!);

    /// <summary>What a batch was started with: its plan and inputs.</summary>
    public BatchOrigin ReadOrigin(string? id)
    {
        var resolved = Resolve(id);
        var header = ReadHeader(resolved);
        var inputs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var input in ReadInputs(resolved).Where(i => i.Key is not null))
        {
            var root = header.InputRoots[input.Root];
            inputs[input.Name] = StoreAddress.Is(root)
                ? StoreAddress.Join(root, input.Key!)
                : Path.Combine(root, input.Key!.Replace('/', Path.DirectorySeparatorChar));
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

        if (StateNames.IsId(id) && Exists(id, StateNames.ListingFile))
        {
            return id;
        }

        var known = Batches();
        var names = string.Join(", ", known.Take(IdsShownMax).Select(b => b.Id)) + (known.Count > IdsShownMax ? ", …" : "");
        throw new UsageException($"There is no batch '{ObjectName.Show(id)}' in {OutputRoot}. {(known.Count == 0 ? "There is none at all." : $"There is: {names}.")}");
    }

    /// <summary>Opens an input by its place as <see cref="ReadOrigin"/> gives it, with its tag; null if it is not there.</summary>
    internal (Stream Content, ETag ETag)? OpenInput(string place)
    {
        var slash = place.LastIndexOf(StoreAddress.Is(place) ? '/' : Path.DirectorySeparatorChar);
        var store = Stores.Open(place[..slash]);
        return ObjectName.TryParse(place[(slash + 1)..], out var name, out _) && store.FindAsync(name, CancellationToken.None).Now() is { } found
            ? (store.OpenReadAsync(name, found.ETag, CancellationToken.None).Now(), found.ETag)
            : null;
    }

    /// <summary>The frozen inputs of a batch, in the order of names.</summary>
    internal IEnumerable<ListedInput> ReadInputs(string id) => ReadLines(StateNames.Of(id, StateNames.ListingFile))
        .Skip(1)
        .Select(line => JsonSerializer.Deserialize(line, ExecutionJson.Lines.ListedInput)!);

    /// <summary>The header of a batch.</summary>
    internal BatchHeader ReadHeader(string id) => Wait(StoredBatches.ReadHeaderAsync(_store, id, CancellationToken.None))!;

    /// <summary>An output as reports name it, below the output root.</summary>
    internal ObjectName OutputOf(string id, string path)
    {
        var folder = ReadHeader(id).OutputFolder;
        return ObjectName.Parse(folder.Length == 0 ? path : path[(folder.TrimEnd('/').Length + 1)..]);
    }

    /// <summary>Where a person finds an object of this root.</summary>
    internal string PlaceOf(ObjectName name) => _store is FolderStore folder ? folder.PathOf(name) : _store.Locate(name);

    /// <summary>Opens an object of this root; null if there is none.</summary>
    internal Stream? Open(ObjectName name) => Open(name, place: null);

    /// <summary>Opens an object of this root, or what is at a place of it; null if there is none.</summary>
    internal Stream? Open(ObjectName name, AsidePlace? place)
    {
        try
        {
            return BatchPapers.OpenAsync(_store, name, place, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (StorageException e) when (e.Fault is StorageFault.Missing)
        {
            return null;
        }
    }

    /// <summary>The bytes of an object of this root; null if there is none.</summary>
    internal byte[]? ReadBytes(ObjectName name) => _store.ReadDocumentAsync(name, CancellationToken.None).Now()?.Content.ToArray();

    /// <summary>The lines of an object of this root; none if there is none.</summary>
    internal IEnumerable<string> ReadLines(ObjectName name)
    {
        using var content = Open(name);
        using var lines = content is null ? null : new StreamReader(content);
        while (lines?.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private IReadOnlyCollection<string> Ids() => [.. Wait(StoredBatches.FindAsync(_store, CancellationToken.None)).Keys];

    private BatchReport? Report(string id) => Wait(StoredBatches.ReadReportAsync(_store, id, CancellationToken.None));

    private bool Exists(string id, string file) => _store.FindAsync(StateNames.Of(id, file), CancellationToken.None).Now() is not null;

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static LocalStores StoresOf(IStoreDirectory? stores) => LocalStores.With(stores);

    private static string LatestOf(string root) => File.Exists(LatestPath(root)) ? File.ReadAllText(LatestPath(root)).Trim() : "";

    /// <summary>A journal's first line names its time and its writer: two runs of one plan have the same id, and never the same line.</summary>
    private static string BeginningOf(string root, string id)
    {
        if (!StateNames.IsId(id))
        {
            return "";
        }

        var journal = Path.Combine(root, new JournalNames(HostingNames.Journal(id)).Segment(1).Value);
        return File.Exists(journal) ? File.ReadLines(journal).FirstOrDefault() ?? "" : "";
    }

    private static string LatestPath(string root) => Path.Combine(root, StateNames.Latest.Value);

    private static bool HasState(string root) => Directory.Exists(Path.Combine(root, StateNames.Batches));

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
