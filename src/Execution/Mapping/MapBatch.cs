using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Mapping.Batches;
using OrleansClean.Execution.Mapping.Functions;
using OrleansClean.Execution.Mapping.Lines;
using OrleansClean.Execution.Mapping.Pools;
using OrleansClean.Execution.Mapping.Workers;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Mapping;

/// <summary>A map over a file whose results go to a folder, and which can be gone on with after a kill.</summary>
/// <param name="InputPath">The file whose lines are the inputs.</param>
/// <param name="OutputDirectory">The folder of the result.</param>
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
    private static readonly TimeSpan GivingBack = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Maps, or goes on with the same map. Throws <see cref="UsageException"/> for what cannot be done and <see cref="OperationCanceledException"/> when it is
    /// cancelled; then what is published stays, and the same request goes on.
    /// </summary>
    public static async Task<MapBatchReport> RunAsync(MapBatchRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var map = request.Map;
        var workers = new MapOptions { Workers = map.Workers }.CountWorkers();
        if (map.Function.LibraryPath is null)
        {
            var marked = FunctionSource.BuiltIn.Find(map.Function.Name);
            LineMap.CheckMemo(map, marked.Mark.IsPure);
            var function = FunctionBinder.Bind(marked, map.Function.Parameters);
            return await new MapBatchRun(request, workers, call => new LocalLane(call, function), () => 0).RunAsync(librarySha256: null, GivingBack, cancellationToken);
        }

        await using var crew = await WorkerCrew.StartAsync(map, workers, cancellationToken);
        LineMap.CheckMemo(map, crew.IsPure);
        var library = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(map.Function.LibraryPath, cancellationToken)));
        return await new MapBatchRun(request, workers, call => new WorkerLane(call, crew), () => crew.Replaced).RunAsync(library, GivingBack, cancellationToken);
    }
}

/// <summary>One run of a map that may have been begun by another process.</summary>
internal sealed class MapBatchRun(MapBatchRequest request, int workers, Func<LineMapCall, IMapLane<LineChunk>> open, Func<int> replaced)
{
    private readonly LocalStores _stores = new();
    private readonly Memo<string, byte[]>? _memo = LineMap.NewMemo(request.Map);
    private readonly string _outputRoot = Path.GetFullPath(request.OutputDirectory);
    private readonly Lock _telling = new();
    private LineMapProgress _told;

    public async Task<MapBatchReport> RunAsync(string? librarySha256, TimeSpan givingBack, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var submission = await SubmissionAsync(librarySha256, cancellationToken);
        var output = _stores.Open(_outputRoot);
        using var held = RootLock.Take(_outputRoot, $"map {submission.Function}", TimeProvider.System.GetUtcNow());
        var (id, paper) = await FindAsync(output, submission, cancellationToken);
        if (paper is not null)
        {
            return Report(paper, before: paper.Chunks, started);
        }

        var before = await MapBook.ReadAsync(output, id, cancellationToken);
        Tell(new LineMapProgress(before.Ok + before.Failed, before.Failed));
        var effects = new MapEffects(_stores, _outputRoot, id, submission);
        await using var coordinator = await BatchCoordinator.OpenAsync(output, MapNames.Journal(id), effects, TimeProvider.System, cancellationToken);
        var source = new MapSource(id, _outputRoot, coordinator);
        var attempts = new MapAttempts(_stores, request.Map with { Progress = Tell }, open, _memo);
        await using var pool = new WorkerPool(
            new WorkerPoolOptions
            {
                Name = Environment.MachineName,
                Generation = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
                Slots = workers,
            },
            source,
            attempts,
            TimeProvider.System);
        await SubmitAsync(coordinator, output, id, submission, cancellationToken);
        pool.Start();
        try
        {
            await coordinator.Completion.WaitAsync(cancellationToken);
        }
        finally
        {
            // What is under way is given back, so that the next run need not wait for anybody's lease.
            await pool.StopAsync(givingBack);
        }

        var report = MapNames.Report(id);
        var document = await output.ReadDocumentAsync(report, CancellationToken.None)
            ?? throw new StorageException(StorageFault.Missing, $"The map is finished, and its report {output.Locate(report)} is missing. Remove the folder that it lies in, and map again.");
        return Report(MapBatchPaper.Parse(document.Content.Span), before.ChunksDone, started);
    }

    private async Task<MapSubmission> SubmissionAsync(string? librarySha256, CancellationToken cancellationToken)
    {
        var map = request.Map;
        var path = Path.GetFullPath(request.InputPath);
        var root = Path.GetDirectoryName(path)!;
        if (!ObjectName.TryParse(Path.GetFileName(path), out var name, out var reason))
        {
            throw new UsageException($"'{request.InputPath}' cannot be the inputs of a map that is gone on with: {reason}");
        }

        var found = await _stores.Open(root).FindAsync(name, cancellationToken)
            ?? throw new UsageException($"There is no file '{request.InputPath}'.");
        return new MapSubmission
        {
            Function = map.Function.Name,
            Parameters = new SortedDictionary<string, string>(new Dictionary<string, string>(map.Function.Parameters, StringComparer.Ordinal), StringComparer.Ordinal),
            LibrarySha256 = librarySha256,
            InputRoot = root,
            Input = name.Value,
            InputTag = found.ETag.Value,
            OutputRoot = _outputRoot,
            ChunkSize = map.ChunkSize,
            Form = map.Form,
            Reduction = map.Reduction,
            InputTimeout = map.InputTimeout,
            RetriesMax = map.RetriesMax,
        };
    }

    /// <summary>The map that this request means: the unfinished one, or the finished one whose result still stands, or a new one.</summary>
    private static async Task<(string Id, MapBatchPaper? Paper)> FindAsync(IObjectStore output, MapSubmission submission, CancellationToken cancellationToken)
    {
        for (var number = 1; ; number++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{submission.Function}-{submission.Hash()[..12]}-{number}");
            if (await output.ReadDocumentAsync(MapNames.Report(id), cancellationToken) is not { } document)
            {
                return (id, null);
            }

            // A report may stand before the journal says that it does: then the map is finished by whoever opens it.
            var paper = MapBatchPaper.Parse(document.Content.Span);
            if (paper.ResultTag is not { } tag)
            {
                // Chunks failed, for a reason that lies outside of the inputs: they are tried again, and no others.
                return (id, null);
            }

            if ((await output.FindAsync(ObjectName.Parse(submission.ResultName), cancellationToken))?.ETag.Value == tag)
            {
                return (id, paper);
            }
        }
    }

    private static async Task SubmitAsync(
        BatchCoordinator coordinator, IObjectStore output, string id, MapSubmission submission, CancellationToken cancellationToken)
    {
        if (coordinator.Overview.Phase is BatchPhase.Done)
        {
            await coordinator.SendAsync(new BatchInput.RetryFailed { At = default }, cancellationToken);
            return;
        }

        var body = submission.ToBytes();
        var document = MapNames.Document(id, "body-", body, "json");
        await output.WriteImmutableAsync(document, body, cancellationToken);
        var spec = new BatchSpec
        {
            Id = id,
            Kind = WorkKind.Map,
            BodyHash = submission.Hash(),
            BodyDocument = document.Value,
            RetryDelay = TimeSpan.FromMilliseconds(100),
            RetryDelayMax = TimeSpan.FromSeconds(10),
        };
        if (await coordinator.SendAsync(new BatchInput.Submit(spec) { At = default }, cancellationToken) is BatchAnswer.Refused refused)
        {
            throw new UsageException(refused.Reason);
        }
    }

    private void Tell(LineMapProgress more)
    {
        lock (_telling)
        {
            _told = new LineMapProgress(_told.Done + more.Done, _told.Failed + more.Failed);
            request.Map.Progress?.Invoke(_told);
        }
    }

    private MapBatchReport Report(MapBatchPaper paper, int before, long started) => new(
        new LineMapReport
        {
            Ok = paper.Ok,
            Failed = paper.Failed,
            TimedOut = paper.TimedOut,
            Retries = paper.Retries,
            MemoHits = _memo?.Hits ?? 0,
            Workers = workers,
            WorkersReplaced = replaced(),
            IsTimedOut = false,
            Elapsed = Stopwatch.GetElapsedTime(started),
            First = paper.First,
        },
        paper.Result is { } result ? Path.Combine(request.OutputDirectory, result) : null,
        paper.Chunks,
        before,
        paper.Message);
}
