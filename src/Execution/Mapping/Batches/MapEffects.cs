using System.Diagnostics;
using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Mapping.Lines;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Mapping.Batches;

/// <summary>
/// Carries out what the coordinator of one map wants: cuts the inputs into chunks, publishes what they became, joins it in order when all is
/// there, and writes the report. Everything may be asked for again after a restart.
/// </summary>
internal sealed class MapEffects(IStoreDirectory stores, string outputRoot, string id, MapSubmission submission) : IEffectExecutor
{
    private const int FailuresShownMax = 5;

    private readonly IObjectStore _output = stores.Open(outputRoot);
    private readonly FlushGroup _flush = new(stores.Open(outputRoot));

    /// <inheritdoc />
    public Task<BatchInput> CarryOutAsync(BatchEffect effect, CancellationToken cancellationToken) => effect switch
    {
        BatchEffect.Commit commit => CommitAsync(commit, cancellationToken),
        BatchEffect.ListInputs => ListAsync(cancellationToken),
        BatchEffect.Sweep => FinishAsync(SweepAsync, new BatchInput.Swept { At = default }, cancellationToken),
        BatchEffect.WriteManifest => FinishAsync(JoinAsync, new BatchInput.ManifestWritten { At = default }, cancellationToken),
        BatchEffect.WriteReport => FinishAsync(ReportAsync, new BatchInput.ReportWritten { At = default }, cancellationToken),
        _ => throw new UnreachableException(),
    };

    /// <inheritdoc />
    public Task<BatchInput> SecureAsync(BatchInput input, CancellationToken cancellationToken) => _flush.SecureAsync(input, cancellationToken);

    private async Task<BatchInput> CommitAsync(BatchEffect.Commit commit, CancellationToken cancellationToken)
    {
        var part = MapPart.Parse(commit.Staged);
        var intent = new CommitIntent { Commit = part.Commit, Objects = [new IntendedObject(part.Staged, part.Expected, part.Sha256)] };
        return new BatchInput.CommitResolved(commit.Attempt, await new Publication(_output, _flush.FlushAsync).PublishAsync(intent, cancellationToken)) { At = default };
    }

    private async Task<BatchInput> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var input = stores.Open(submission.InputRoot);
            var listing = MapListing.Cut(
                () => input.OpenReadAsync(ObjectName.Parse(submission.Input), new ETag(submission.InputTag), cancellationToken).AsTask().GetAwaiter().GetResult(),
                submission.ChunkSize);
            var document = listing.ToBytes();
            var name = MapNames.Document(id, "listing-", document, "jsonl");
            await _output.WriteImmutableAsync(name, document, cancellationToken);
            return new BatchInput.ListingDone(name.Value, listing.Count) { At = default };
        }
        catch (StorageException e)
        {
            return new BatchInput.ListingFailed(MapAttempts.Explain(e)) { At = default };
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var batch = StageId.HashOf(id);
        await _output.SweepStagedAsync(stage => stage.Batch == batch, cancellationToken);
    }

    /// <summary>Puts the parts together under the result's name, all at once; not if a part is missing.</summary>
    private async Task JoinAsync(CancellationToken cancellationToken)
    {
        // In this order: what a coordinator that hung writes must not stand over what its successor wrote.
        var name = ObjectName.Parse(submission.ResultName);
        var found = await _output.FindAsync(name, cancellationToken);
        var book = await MapBook.ReadAsync(_output, id, cancellationToken);
        if (!book.IsWhole)
        {
            return;
        }

        await _output.ReplaceAsync(
            name,
            found,
            target => submission.Reduction is { } reduction ? ReduceAsync(reduction, book, target, cancellationToken) : CopyAsync(book, target, cancellationToken),
            cancellationToken);
    }

    private async Task CopyAsync(MapBook book, Stream target, CancellationToken cancellationToken)
    {
        for (var item = 0; item < book.Chunks; item++)
        {
            await using var part = await OpenPartAsync(item, cancellationToken);
            await part.CopyToAsync(target, cancellationToken);
        }
    }

    private async Task ReduceAsync(Reduction reduction, MapBook book, Stream target, CancellationToken cancellationToken)
    {
        var reducing = new Reducing(reduction);
        var chunk = new LineChunk(new JsonLinesForm());
        for (var item = 0; item < book.Chunks; item++)
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
        ReducedForm.Write(json, reduction, reducing, submission.Form, book.Ok + book.Failed, book.Failed);
        await target.WriteAsync(json.WrittenMemory, cancellationToken);
    }

    private async Task<Stream> OpenPartAsync(int item, CancellationToken cancellationToken)
    {
        var name = MapNames.Part(id, item);
        var found = await _output.FindAsync(name, cancellationToken)
            ?? throw new StorageException(StorageFault.Missing, $"{_output.Locate(name)} is missing: somebody removed it while the map was under way.");
        return await _output.OpenReadAsync(name, found.ETag, cancellationToken);
    }

    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        var report = MapNames.Report(id);
        var found = await _output.FindAsync(report, cancellationToken);
        var book = await MapBook.ReadAsync(_output, id, cancellationToken);
        var result = ObjectName.Parse(submission.ResultName);
        var paper = new MapBatchPaper
        {
            Result = book.IsWhole ? submission.ResultName : null,
            ResultTag = book.IsWhole ? (await _output.FindAsync(result, cancellationToken))?.ETag.Value : null,
            Chunks = book.Chunks,
            ChunksFailed = book.ChunksFailed,
            Message = book.Message,
            Ok = book.Ok,
            Failed = book.Failed,
            TimedOut = book.TimedOut,
            Retries = book.Retries,
            First = [.. book.First.OrderBy(failure => failure.Index).Take(FailuresShownMax)],
        };

        // What was joined is not needed any more: the journal knows all that is left to know.
        var parts = await _output.ListAsync(new ListScope(MapNames.Parts(id), IncludeHidden: true), cancellationToken);
        foreach (var part in parts.Objects.Where(_ => book.IsWhole))
        {
            await _output.DeleteAsync(part.Name, part.ETag, cancellationToken);
        }

        var bytes = paper.ToBytes();
        await _output.ReplaceAsync(report, found, stream => stream.WriteAsync(bytes, cancellationToken).AsTask(), cancellationToken);
    }

    private Task<BatchInput> FinishAsync(Func<CancellationToken, Task> write, BatchInput done, CancellationToken cancellationToken) =>
        FinishStep.TakeAsync(_output, write, done, failed: null, cancellationToken);
}
