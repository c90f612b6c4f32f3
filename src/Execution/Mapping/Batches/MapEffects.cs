using OrleansClean.Batches;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Hosting.Works;
using OrleansClean.Execution.Mapping.Lines;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Mapping.Batches;

/// <summary>The effects of one map: inputs are cut into chunks of lines, and what they became is joined in order.</summary>
internal sealed class MapEffects(IStoreDirectory stores, string outputRoot, string id, string bodyHash) : WorkEffects(stores, WorkKind.Map, outputRoot, id)
{
    private const int FailuresShownMax = 5;

    private MapSubmission? _submission;

    /// <inheritdoc />
    private protected override StagedPart Part(string staged) => MapPart.Parse(staged);

    /// <inheritdoc />
    private protected override Failure? Explain(Exception e) => e is StorageException storage ? MapAttempts.Explain(storage) : null;

    /// <inheritdoc />
    private protected override async Task<(byte[] Document, string Extension, int Items)> CutAsync(CancellationToken cancellationToken)
    {
        var submission = await SubmissionAsync(cancellationToken);
        var input = Stores.Open(submission.InputRoot);
        var listing = MapListing.Cut(
            () => input.OpenReadAsync(ObjectName.Parse(submission.Input), new ETag(submission.InputTag), cancellationToken).AsTask().GetAwaiter().GetResult(),
            submission.ChunkSize);
        return (listing.ToBytes(), "jsonl", listing.Count);
    }

    /// <inheritdoc />
    private protected override async Task JoinAsync(CancellationToken cancellationToken)
    {
        // In this order: what a coordinator that hung writes must not stand over what its successor wrote.
        var submission = await SubmissionAsync(cancellationToken);
        var name = ObjectName.Parse(submission.ResultName);
        var found = await Output.FindAsync(name, cancellationToken);
        var book = await BookAsync(cancellationToken);
        if (!book.IsWhole)
        {
            return;
        }

        await Output.ReplaceAsync(
            name,
            found,
            target => submission.Reduction is { } reduction
                ? ReduceAsync(reduction, submission.Form, book, target, cancellationToken)
                : CopyAsync(book, target, cancellationToken),
            cancellationToken);
    }

    /// <inheritdoc />
    private protected override async Task ReportAsync(CancellationToken cancellationToken)
    {
        var report = WorkNames.Report(Kind, Id);
        var found = await Output.FindAsync(report, cancellationToken);
        var submission = await SubmissionAsync(cancellationToken);
        var book = await BookAsync(cancellationToken);
        var result = ObjectName.Parse(submission.ResultName);
        var paper = new MapBatchPaper
        {
            Result = book.IsWhole ? submission.ResultName : null,
            ResultTag = book.IsWhole ? (await Output.FindAsync(result, cancellationToken))?.ETag.Value : null,
            Chunks = book.Items,
            ChunksFailed = book.Failed,
            Message = book.Message,
            Ok = book.Ok,
            Failed = book.FailedInputs,
            TimedOut = book.TimedOut,
            Retries = book.Retries,
            First = [.. book.First.OrderBy(failure => failure.Index).Take(FailuresShownMax)],
        };
        if (book.IsWhole)
        {
            await RemovePartsAsync(cancellationToken);
        }

        var bytes = paper.ToBytes();
        await Output.ReplaceAsync(report, found, stream => stream.WriteAsync(bytes, cancellationToken).AsTask(), cancellationToken);
    }

    private async Task CopyAsync(MapBook book, Stream target, CancellationToken cancellationToken)
    {
        for (var item = 0; item < book.Items; item++)
        {
            await using var part = await OpenPartAsync(item, cancellationToken);
            await part.CopyToAsync(target, cancellationToken);
        }
    }

    private async Task ReduceAsync(Reduction reduction, LineForm form, MapBook book, Stream target, CancellationToken cancellationToken)
    {
        var reducing = new Reducing(reduction);
        var chunk = new LineChunk(new JsonLinesForm());
        for (var item = 0; item < book.Items; item++)
        {
            await using var part = await OpenPartAsync(item, cancellationToken);
            var reader = new LineReader(part);
            while (reader.TryRead(chunk, int.MaxValue))
            {
                for (var i = 0; i < chunk.Count; i++)
                {
                    reducing.Add(chunk.Line(i));
                }
            }
        }

        var json = new JsonText();
        ReducedForm.Write(json, reduction, reducing, form, book.Ok + book.FailedInputs, book.FailedInputs);
        await target.WriteAsync(json.WrittenMemory, cancellationToken);
    }

    private async Task<MapBook> BookAsync(CancellationToken cancellationToken)
    {
        var book = new MapBook();
        await book.ReadAsync(Output, Journal, cancellationToken);
        return book;
    }

    private async Task<MapSubmission> SubmissionAsync(CancellationToken cancellationToken) =>
        _submission ??= await WorkSubmission.LoadAsync<MapSubmission>(Output, Kind, WorkNames.Body(Kind, Id, bodyHash), cancellationToken);
}
