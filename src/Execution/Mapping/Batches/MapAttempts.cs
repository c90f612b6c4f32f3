using OrleansClean.Batches;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Mapping.Lines;
using OrleansClean.Execution.Mapping.Pools;
using OrleansClean.Execution.Publishing;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Mapping.Batches;

/// <summary>
/// Maps chunks: the executor of <see cref="WorkKind.Map"/>. It knows a chunk by the documents that its place names, so that functions which
/// come with the command could be called anywhere; how lanes are opened is the process's own affair.
/// </summary>
internal sealed class MapAttempts(IStoreDirectory stores, LineMapRequest settings, Func<LineMapCall, IMapLane<LineChunk>> open, Memo<string, byte[]>? memo)
    : IAttemptExecutor
{
    private readonly BatchCache<(MapSubmission Submission, MapListing Listing)> _batches = new(place => LoadAsync(stores, place).GetAwaiter().GetResult());

    /// <inheritdoc />
    public AttemptOutcome Execute(BatchPlace place, AttemptId attempt, AttemptContext context)
    {
        try
        {
            var (submission, listing) = _batches.Get(place);
            return RunAsync(place, submission, listing[attempt.Item], attempt, context).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (context.Cancelled.IsCancellationRequested)
        {
            return new AttemptOutcome.Released();
        }
        catch (StorageException e)
        {
            return Failed(Explain(e));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Failed(new Failure(ProblemCodes.StorageError, e.Message, IsTransient: false));
        }
#pragma warning disable CA1031 // A chunk must not take others with it: whatever it is costs this chunk, under its own code.
        catch (Exception e) when (e is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            return Failed(new Failure(ProblemCodes.InternalError, $"{e.GetType().Name}: {e.Message}", IsTransient: false));
        }
    }

    /// <summary>What a store's refusal means for a map.</summary>
    public static Failure Explain(StorageException e) => e.Fault is StorageFault.Changed or StorageFault.Missing
        ? new Failure(ProblemCodes.InputChanged, $"The inputs changed since the map began: {e.Message}", IsTransient: false)
        : new Failure(ProblemCodes.StorageError, e.Message, e.IsTransient);

    private static AttemptOutcome.Failed Failed(Failure failure) => new(failure);

    private static async Task<(MapSubmission, MapListing)> LoadAsync(IStoreDirectory stores, BatchPlace place)
    {
        var store = stores.Open(place.OutputRoot);
        var body = ObjectName.Parse(place.Body);
        var document = await store.ReadDocumentAsync(body, CancellationToken.None)
            ?? throw new StorageException(StorageFault.Missing, $"The map's document {store.Locate(body)} is missing.");
        return (MapSubmission.Parse(document.Content.Span), await MapListing.LoadAsync(store, ObjectName.Parse(place.Listing), CancellationToken.None));
    }

    private async Task<AttemptOutcome> RunAsync(BatchPlace place, MapSubmission submission, ListedChunk chunk, AttemptId attempt, AttemptContext context)
    {
        var output = stores.Open(place.OutputRoot);
        var name = MapNames.Part(place.BatchId, attempt.Item);
        var stage = StageId.Of(place.BatchId, attempt.Item, attempt.Number);
        await using var lines = await stores.Open(submission.InputRoot).OpenReadAsync(
            ObjectName.Parse(submission.Input), new ETag(submission.InputTag), new ByteRange(chunk.Offset, chunk.Bytes), context.Cancelled);
        await using var staging = await output.StageAsync(name, stage, context.Cancelled);
        using var content = new HashingStream(staging.Content);
        var request = settings with
        {
            Inputs = lines,
            Output = content,
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
        var reference = await staging.SealAsync(context.Cancelled);

        // Only an attempt that was lost may have published something: then its part is replaced.
        var standing = attempt.Number == 1 ? null : await output.FindAsync(name, context.Cancelled);
        return new AttemptOutcome.Ready(new MapPart
        {
            Commit = stage.ToString(),
            Staged = reference.ToString(),
            Expected = standing?.ETag.Value,
            Sha256 = content.Finish(),
            Ok = report.Ok,
            Failed = report.Failed,
            TimedOut = report.TimedOut,
            Retries = report.Retries,
            First = [.. report.First.Select(failure => failure with { Exception = null })],
        }.ToText());
    }
}
