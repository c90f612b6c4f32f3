using OrleansClean.Batches;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Hosting.Works;
using OrleansClean.Execution.Mapping.Functions;
using OrleansClean.Execution.Mapping.Lines;
using OrleansClean.Execution.Mapping.Pools;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Mapping.Batches;

/// <summary>Maps chunks: the executor of <see cref="WorkKind.Map"/>. It knows a chunk by the documents that its place names.</summary>
/// <param name="stores">The stores that this process may touch.</param>
/// <param name="callingOf">How the function of a submission is called here: settings, lanes and what is remembered.</param>
internal sealed class MapAttempts(IStoreDirectory stores, Func<MapSubmission, MapCalling> callingOf) : IAttemptExecutor
{
    private readonly BatchCache<Entry> _batches = new(place => LoadAsync(stores, callingOf, place).GetAwaiter().GetResult());

    /// <summary>Calls the functions that come with every process, whatever the submission says.</summary>
    public static MapAttempts OfBuiltIns(IStoreDirectory stores) => new(stores, submission =>
    {
        if (submission.LibrarySha256 is not null)
        {
            throw new UsageException($"'{submission.Function}' is a function of a library, which this process does not have.");
        }

        var function = FunctionBinder.Bind(FunctionSource.BuiltIn.Find(submission.Function), submission.Parameters);
        var settings = new LineMapRequest
        {
            Function = new FunctionReference(submission.Function, LibraryPath: null, submission.Parameters),
            Inputs = Stream.Null,
            Output = Stream.Null,
        };
        return new MapCalling(settings, call => new LocalLane(call, function), Memo: null);
    });

    /// <inheritdoc />
    public AttemptOutcome Execute(BatchPlace place, AttemptId attempt, AttemptContext context) => WorkAttempts.Guard(
        () =>
        {
            var entry = _batches.Get(place);
            return RunAsync(place, entry, entry.Listing[attempt.Item], attempt, context).GetAwaiter().GetResult();
        },
        Explain,
        context);

    /// <summary>What a store's refusal means for a map.</summary>
    public static Failure Explain(StorageException e) => WorkAttempts.Explain(e, "The inputs changed since the map began");

    private static async Task<Entry> LoadAsync(IStoreDirectory stores, Func<MapSubmission, MapCalling> callingOf, BatchPlace place)
    {
        var store = stores.Open(place.OutputRoot);
        var submission = await WorkSubmission.LoadAsync<MapSubmission>(store, WorkKind.Map, ObjectName.Parse(place.Body), CancellationToken.None);
        return new Entry(submission, await MapListing.LoadAsync(store, ObjectName.Parse(place.Listing), CancellationToken.None), callingOf(submission));
    }

    private async Task<AttemptOutcome> RunAsync(BatchPlace place, Entry entry, ListedChunk chunk, AttemptId attempt, AttemptContext context)
    {
        var (submission, (settings, open, memo)) = (entry.Submission, entry.Calling);
        var output = stores.Open(place.OutputRoot);
        var name = WorkNames.Part(WorkKind.Map, place.BatchId, attempt.Item);
        var stage = StageId.Of(place.BatchId, attempt.Item, attempt.Number);
        await using var lines = await stores.Open(submission.InputRoot).OpenReadAsync(
            ObjectName.Parse(submission.Input), new ETag(submission.InputTag), new ByteRange(chunk.Offset, chunk.Bytes), context.Cancelled);
        using var part = HostedPart.Begin(output, name, stage);
        var request = settings with
        {
            Inputs = lines,
            Output = part.Content,
            Form = submission.Form,
            Reduction = submission.Reduction,
            InputTimeout = submission.InputTimeout,
            RetriesMax = submission.RetriesMax,
            Progress = null,
        };
        var told = default(LineMapProgress);
        var report = await new LineMapRun(request, workers: 1, open, new LineReader(lines, chunk.First), memo, isPart: true)
        {
            Told = now =>
            {
                settings.Progress?.Invoke(new LineMapProgress(now.Done - told.Done, now.Failed - told.Failed));
                told = now;
            },
        }.RunAsync(replaced: () => 0, context.Cancelled);
        part.Seal(context.Cancelled);
        return new AttemptOutcome.Ready(new MapPart
        {
            Commit = stage.ToString(),
            Staged = part.Reference!.ToString(),
            Expected = await StagedPart.FindStandingAsync(output, name, attempt, context.Cancelled),
            Sha256 = part.Sha256,
            Ok = report.Ok,
            Failed = report.Failed,
            TimedOut = report.TimedOut,
            Retries = report.Retries,
            First = [.. report.First.Select(failure => failure with { Exception = null })],
        }.ToText());
    }

    private sealed record Entry(MapSubmission Submission, MapListing Listing, MapCalling Calling);
}

/// <summary>How a function is called in this process.</summary>
/// <param name="Settings">What is asked for of every chunk; its streams are not used.</param>
/// <param name="Open">Opens a lane of calls.</param>
/// <param name="Memo">Remembers results; null if nothing is remembered.</param>
internal sealed record MapCalling(LineMapRequest Settings, Func<LineMapCall, IMapLane<LineChunk>> Open, Memo<string, byte[]>? Memo);
