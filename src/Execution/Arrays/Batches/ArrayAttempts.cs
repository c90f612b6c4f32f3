using System.Buffers;
using OrleansClean.Batches;
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Hosting.Works;
using OrleansClean.Execution.Publishing;
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
        var (submission, listing, header, runner) = entry;
        var first = attempt.Item * listing.RangeElements;
        var end = Math.Min(header.Count, first + listing.RangeElements);
        var bytes = (int)((end - first) * header.Element.Bytes());
        var block = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            var name = ObjectName.Parse(submission.Input);
            new StoredElements(stores.Open(submission.InputRoot), name, new ETag(submission.InputTag), header, context.Cancelled).Read(first, block.AsSpan(0, bytes));
            context.Progress?.Invoke(bytes, end - first);
            return await StageAsync(place, submission, new RangeElements(submission.Input, header, first, block.AsMemory(0, bytes)), runner, (first, end), attempt, context, listing);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private async Task<AttemptOutcome> StageAsync(
        BatchPlace place, ArraySubmission submission, RangeElements elements, ArrayRunner runner, (long First, long End) range, AttemptId attempt, AttemptContext context, ArrayListing listing)
    {
        var output = stores.Open(place.OutputRoot);
        var part = WorkNames.Part(WorkKind.Array, place.BatchId, attempt.Item);
        var stage = StageId.Of(place.BatchId, attempt.Item, attempt.Number);
        var before = submission.Statistics && listing.Before is null ? new ArrayMeasure(elements.Header.Element, moments: true) : null;
        var after = submission.Statistics ? new ArrayMeasure(runner.Result, moments: true) : null;
        await using var staging = await output.StageAsync(part, stage, context.Cancelled);
        using var content = new HashingStream(staging.Content);
        var pass = new ArrayPass(elements, runner, ArrayTuning.OfEnvironment())
        {
            Before = before,
            BeforeHasMoments = true,
            After = after,
            AfterHasMoments = true,
            Sink = (_, made) => content.Write(made),
        };
        pass.RunRange(range.First, range.End, context.Cancelled);
        var reference = await staging.SealAsync(context.Cancelled);

        // Only an attempt that was lost may have published something: then its part is replaced.
        var standing = attempt.Number == 1 ? null : await output.FindAsync(part, context.Cancelled);
        return new AttemptOutcome.Ready(new ArrayPart
        {
            Commit = stage.ToString(),
            Staged = reference.ToString(),
            Expected = standing?.ETag.Value,
            Sha256 = content.Finish(),
            Before = before?.ToText(),
            After = after?.ToText(),
        }.ToText());
    }

    private sealed record Entry(ArraySubmission Submission, ArrayListing Listing, NpyHeader Header, ArrayRunner Runner);
}
