using System.Buffers;
using OrleansClean.Batches;
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Hosting.Works;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Arrays.Batches;

/// <summary>Transforms ranges: the executor of <see cref="WorkKind.Array"/>. One for a process; safe for many threads.</summary>
internal sealed class ArrayAttempts(IStoreDirectory stores) : IAttemptExecutor
{
    private readonly BatchCache<Entry> _batches = new(place => LoadAsync(stores, place).GetAwaiter().GetResult());

    /// <inheritdoc />
    public AttemptOutcome Execute(BatchPlace place, AttemptId attempt, AttemptContext context) =>
        WorkAttempts.Guard(() => RunAsync(place, _batches.Get(place), attempt, context).GetAwaiter().GetResult(), Explain, context);

    /// <summary>What a store's refusal means for an array.</summary>
    public static Failure Explain(StorageException e) => WorkAttempts.Explain(e, "The array changed since the work began");

    private static async Task<Entry> LoadAsync(IStoreDirectory stores, BatchPlace place)
    {
        var store = stores.Open(place.OutputRoot);
        var submission = await WorkSubmission.LoadAsync<ArraySubmission>(store, WorkKind.Array, ObjectName.Parse(place.Body), CancellationToken.None);
        var listing = await ArrayEffects.LoadListingAsync(store, place.Listing, CancellationToken.None);
        var header = listing.Read(submission.Input);
        var runner = ArrayProgram.Compile(submission.LoadSpec(), header.Element).Until(listing.Barriers);
        return new Entry(submission, listing, header, runner);
    }

    private async Task<AttemptOutcome> RunAsync(BatchPlace place, Entry entry, AttemptId attempt, AttemptContext context)
    {
        var (submission, listing, header, _) = entry;
        var first = attempt.Item * listing.RangeElements;
        var count = Math.Min(header.Count - first, listing.RangeElements);
        var bytes = (int)(count * header.Element.Bytes());
        var block = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            var array = new StoredElements(
                stores.Open(submission.InputRoot), ObjectName.Parse(submission.Input), new ETag(submission.InputTag), header, context.Cancelled);
            array.Read(first, block.AsSpan(0, bytes));
            context.Progress?.Invoke(bytes, count);
            return await StageAsync(place, entry, new RangeElements(submission.Input, header, first, block.AsMemory(0, bytes)), attempt, context.Cancelled);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private async Task<AttemptOutcome> StageAsync(BatchPlace place, Entry entry, RangeElements range, AttemptId attempt, CancellationToken cancellationToken)
    {
        var (submission, listing, header, runner) = entry;
        var output = stores.Open(place.OutputRoot);
        var stage = StageId.Of(place.BatchId, attempt.Item, attempt.Number);
        var before = submission.Statistics && listing.Before is null ? new ArrayMeasure(header.Element, moments: true) : null;
        var after = submission.Statistics ? new ArrayMeasure(runner.Result, moments: true) : null;
        using var part = HostedPart.Begin(output, WorkNames.Part(WorkKind.Array, place.BatchId, attempt.Item), stage);
        new ArrayPass(range, runner, ArrayTuning.OfEnvironment())
        {
            Before = before,
            BeforeHasMoments = true,
            After = after,
            AfterHasMoments = true,
            Sink = (_, made) => part.Content.Write(made),
        }.RunRange(range.First, range.End, cancellationToken);
        part.Seal(cancellationToken);
        return new AttemptOutcome.Ready(new ArrayPart
        {
            Commit = stage.ToString(),
            Staged = part.Reference!.ToString(),
            Expected = await StagedPart.FindStandingAsync(output, part.Name, attempt, cancellationToken),
            Sha256 = part.Sha256,
            Before = before?.ToText(),
            After = after?.ToText(),
        }.ToText());
    }

    private sealed record Entry(ArraySubmission Submission, ArrayListing Listing, NpyHeader Header, ArrayRunner Runner);
}
