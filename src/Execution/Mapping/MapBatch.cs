using System.Diagnostics;
using System.Security.Cryptography;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Hosting.Works;
using OrleansClean.Execution.Mapping.Batches;
using OrleansClean.Execution.Mapping.Functions;
using OrleansClean.Execution.Mapping.Lines;
using OrleansClean.Execution.Mapping.Pools;
using OrleansClean.Execution.Mapping.Workers;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Mapping;

/// <summary>A map over a file whose results go to a folder, and which can be gone on with after a kill.</summary>
/// <param name="InputPath">The file whose lines are the inputs: a path, or an address of a store that is known.</param>
/// <param name="OutputDirectory">The folder or address of the result.</param>
/// <param name="Map">The function and how it is called; its streams are not used.</param>
public sealed record MapBatchRequest(string InputPath, string OutputDirectory, LineMapRequest Map);

/// <summary>How far a map was when it began, and what it came to.</summary>
/// <param name="Counts">What became of all inputs, those of earlier runs included.</param>
/// <param name="ResultPath">Where the result stands; null if there is none.</param>
/// <param name="Chunks">Chunks in all.</param>
/// <param name="ChunksBefore">Those of them that were done before this run.</param>
/// <param name="Message">Why there is no result, or null.</param>
public sealed record MapBatchReport(LineMapReport Counts, string? ResultPath, int Chunks, int ChunksBefore, string? Message);

/// <summary>
/// Maps a file into a folder chunk by chunk, by a journal that survives the process: kill it anywhere, and the same request goes on without
/// computing again what was published. The result appears as a whole, or not.
/// </summary>
public static class MapBatch
{
    /// <summary>
    /// Maps in this process, or goes on with the same map. Throws <see cref="UsageException"/> for what cannot be done and
    /// <see cref="OperationCanceledException"/> when it is cancelled; then what is published stays, and the same request goes on. Addresses are those of
    /// <paramref name="stores"/>; null for folders only.
    /// </summary>
    public static async Task<MapBatchReport> RunAsync(MapBatchRequest request, CancellationToken cancellationToken, IStoreDirectory? stores = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var map = request.Map;
        var all = LocalStores.With(stores);
        var workers = new MapOptions { Workers = map.Workers }.CountWorkers();
        if (map.Function.LibraryPath is null)
        {
            var marked = FunctionSource.BuiltIn.Find(map.Function.Name);
            LineMap.CheckMemo(map, marked.Mark.IsPure);
            var function = FunctionBinder.Bind(marked, map.Function.Parameters);
            return await HereAsync(call => new LocalLane(call, function), librarySha256: null, () => 0);
        }

        await using var crew = await WorkerCrew.StartAsync(map, workers, cancellationToken);
        LineMap.CheckMemo(map, crew.IsPure);
        var library = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(map.Function.LibraryPath, cancellationToken)));
        return await HereAsync(call => new WorkerLane(call, crew), library, () => crew.Replaced);

        async Task<MapBatchReport> HereAsync(Func<LineMapCall, IMapLane<LineChunk>> open, string? librarySha256, Func<int> replaced)
        {
            var memo = LineMap.NewMemo(map);
            var told = new MapTold(map.Progress);
            var calling = new MapCalling(map with { Progress = told.Tell }, open, memo);
            await using var host = new LocalWorkHost(all, new MapAttempts(all, _ => calling), workers);
            var run = new MapBatchRun(host, request, librarySha256) { Before = told.Tell };
            var report = await run.RunAsync(cancellationToken);
            return report with { Counts = report.Counts with { MemoHits = memo?.Hits ?? 0, Workers = workers, WorkersReplaced = replaced() } };
        }
    }

    /// <summary>
    /// The same on another host, whose processes call functions that come with the command. What is cancelled is the wait: the map goes on. How far it is told in
    /// chunks. Paths and addresses are those of the host.
    /// </summary>
    public static Task<MapBatchReport> RunAsync(MapBatchRequest request, IWorkHost host, Action<Coordination.BatchOverview> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Map.Function.LibraryPath is not null)
        {
            throw new UsageException("--library names a file of this machine, and its functions run in worker processes here: a cluster calls those that come with the command.");
        }

        return new MapBatchRun(host, request, librarySha256: null) { Progress = progress }.RunAsync(cancellationToken);
    }

    /// <summary>What a finished map left behind.</summary>
    public static MapBatchReport ReadReport(ReadOnlySpan<byte> report)
    {
        var paper = MapBatchPaper.Parse(report);
        return MapBatchRun.Report(paper, paper.Result, paper.Chunks, TimeSpan.Zero);
    }
}

/// <summary>Adds up what several chunks tell.</summary>
internal sealed class MapTold(Action<LineMapProgress>? progress)
{
    private readonly Lock _lock = new();
    private LineMapProgress _told;

    public void Tell(LineMapProgress more)
    {
        lock (_lock)
        {
            _told = new LineMapProgress(_told.Done + more.Done, _told.Failed + more.Failed);
            progress?.Invoke(_told);
        }
    }
}

/// <summary>One run of a map that may have been begun by another process.</summary>
internal sealed class MapBatchRun(IWorkHost host, MapBatchRequest request, string? librarySha256)
{
    /// <summary>Told of what earlier runs did, or null.</summary>
    public Action<LineMapProgress>? Before { get; init; }

    /// <summary>Told how far the host is, or null.</summary>
    public Action<Coordination.BatchOverview>? Progress { get; init; }

    public async Task<MapBatchReport> RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var submission = await SubmissionAsync(cancellationToken);
        var output = host.Stores.Open(submission.OutputRoot);
        var (id, paper) = await WorkRun.FindAsync(
            output,
            submission,
            submission.Function,
            document => MapBatchPaper.Parse(document.Span),
            earlier => JudgeAsync(output, submission, earlier, cancellationToken),
            cancellationToken);
        if (paper is not null)
        {
            return Report(paper, Place(paper), before: paper.Chunks, Stopwatch.GetElapsedTime(started));
        }

        var before = new MapBook();
        await before.ReadAsync(output, WorkNames.Journal(submission.Kind, id), cancellationToken);
        Before?.Invoke(new LineMapProgress(before.Ok + before.FailedInputs, before.FailedInputs));
        var document = await WorkRun.ToEndAsync(host, id, submission, Progress, cancellationToken);
        paper = MapBatchPaper.Parse(document.Span);
        return Report(paper, Place(paper), before.Done, Stopwatch.GetElapsedTime(started));
    }

    private async Task<MapSubmission> SubmissionAsync(CancellationToken cancellationToken)
    {
        var map = request.Map;
        var (root, name) = WorkPlace.Of(request.InputPath);
        var found = await host.Stores.Open(root).FindAsync(name, cancellationToken)
            ?? throw new UsageException($"There is no file '{request.InputPath}'.");
        return new MapSubmission
        {
            Function = map.Function.Name,
            Parameters = new SortedDictionary<string, string>(new Dictionary<string, string>(map.Function.Parameters, StringComparer.Ordinal), StringComparer.Ordinal),
            LibrarySha256 = librarySha256,
            InputRoot = root,
            Input = name.Value,
            InputTag = found.ETag.Value,
            OutputRoot = WorkPlace.Full(request.OutputDirectory),
            ChunkSize = map.ChunkSize,
            Form = map.Form,
            Reduction = map.Reduction,
            InputTimeout = map.InputTimeout,
            RetriesMax = map.RetriesMax,
        };
    }

    private static async Task<EarlierWork> JudgeAsync(IObjectStore output, MapSubmission submission, MapBatchPaper paper, CancellationToken cancellationToken) =>
        paper.ResultTag is not { } tag ? EarlierWork.MayPass
        : (await output.FindAsync(ObjectName.Parse(submission.ResultName), cancellationToken))?.ETag.Value == tag ? EarlierWork.Stands
        : EarlierWork.Over;

    private string? Place(MapBatchPaper paper) => paper.Result is { } result ? WorkPlace.Below(request.OutputDirectory, result) : null;

    /// <summary>The report that a paper is.</summary>
    public static MapBatchReport Report(MapBatchPaper paper, string? resultPath, int before, TimeSpan elapsed) => new(
        new LineMapReport
        {
            Ok = paper.Ok,
            Failed = paper.Failed,
            TimedOut = paper.TimedOut,
            Retries = paper.Retries,
            MemoHits = 0,
            Workers = 0,
            WorkersReplaced = 0,
            IsTimedOut = false,
            Elapsed = elapsed,
            First = paper.First,
        },
        resultPath,
        paper.Chunks,
        before,
        paper.Message);
}
