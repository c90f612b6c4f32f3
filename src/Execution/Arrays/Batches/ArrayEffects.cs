using OrleansClean.Batches;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Hosting.Works;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Arrays.Batches;

/// <summary>
/// The effects of one array: it is cut into ranges, and what they became is joined behind a header. What steps must know of all elements is measured when it is
/// cut, by the process that coordinates it, and frozen with the ranges.
/// </summary>
internal sealed class ArrayEffects(IStoreDirectory stores, string outputRoot, string id, string bodyHash, int workers)
    : WorkEffects(stores, WorkKind.Array, outputRoot, id)
{
    /// <summary>Bytes that a measuring thread reads at a time: a request to a store is worth it.</summary>
    private const int MeasuredBytes = 4 << 20;

    private ArraySubmission? _submission;

    /// <summary>Reads a listing. Throws <see cref="StorageException"/> if it is missing.</summary>
    public static async Task<ArrayListing> LoadListingAsync(IObjectStore store, string listing, CancellationToken cancellationToken)
    {
        var name = ObjectName.Parse(listing);
        var document = await store.ReadDocumentAsync(name, cancellationToken)
            ?? throw new StorageException(StorageFault.Missing, $"The listing {store.Locate(name)} is missing. Submit the work again under another id.");
        return ArrayListing.Parse(document.Content.Span);
    }

    /// <inheritdoc />
    private protected override StagedPart Part(string staged) => ArrayPart.Parse(staged);

    /// <inheritdoc />
    private protected override Failure? Explain(Exception e) => e switch
    {
        StorageException storage => ArrayAttempts.Explain(storage),
        FileFailedException failed => new Failure(failed.Code, failed.Message, IsTransient: false),
        PlanException plan => new Failure(ProblemCodes.InternalError, plan.Message, IsTransient: false),
        _ => null,
    };

    /// <inheritdoc />
    private protected override async Task<(byte[] Document, string Extension, int Items)> CutAsync(CancellationToken cancellationToken)
    {
        var submission = await SubmissionAsync(cancellationToken);
        var input = Stores.Open(submission.InputRoot);
        var (name, tag) = (ObjectName.Parse(submission.Input), new ETag(submission.InputTag));
        var replaced = await Output.FindAsync(ObjectName.Parse(submission.Output), cancellationToken);
        var header = await StoredElements.ReadHeaderAsync(input, name, tag, cancellationToken);
        var program = ArrayProgram.Compile(submission.LoadSpec(), header.Element);
        var rangeElements = submission.RangeElements > 0 ? submission.RangeElements : new ArrayTuning().RangeOf(header.Element.Bytes());

        // Its threads are its own, and this one is none of the shared pool.
        var measured = await Task.Factory.StartNew(
            () => new ArrayPasses(
                new StoredElements(input, name, tag, header, cancellationToken),
                program,
                new ArrayTuning(rangeElements, MeasuredBytes / header.Element.Bytes()),
                Math.Max(1, workers),
                submission.Statistics).Measure(cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var listing = new ArrayListing
        {
            Header = [.. header.Bytes],
            RangeElements = rangeElements,
            Barriers = [.. measured.Barriers],
            Before = ArrayStatistics.Of(measured.Before),
            Replaces = replaced?.ETag.Value,
        };
        return (listing.ToBytes(), "json", ArrayListing.Count(header.Count, rangeElements));
    }

    /// <inheritdoc />
    private protected override async Task JoinAsync(CancellationToken cancellationToken)
    {
        var submission = await SubmissionAsync(cancellationToken);
        var book = await BookAsync(cancellationToken);
        if (!book.IsWhole || await FindResultAsync(submission, cancellationToken) is not null)
        {
            return;
        }

        switch (await PublishAsync(submission, book, cancellationToken))
        {
            case CommitResult.Published published:
                await Output.WriteOverAsync(MadeArrays.Name(submission.Output), MadeArrays.Encode(Id, published.ETag.Value), cancellationToken);
                break;
            case CommitResult.Conflict:
                // What somebody else wrote stays: the report tells of it.
                break;
            default:
                throw new StorageException(StorageFault.Other, $"Whether {Output.Locate(ObjectName.Parse(submission.Output))} was written is not known.");
        }
    }

    /// <inheritdoc />
    private protected override async Task ReportAsync(CancellationToken cancellationToken)
    {
        // In this order: what a coordinator that hung writes must not stand over what its successor wrote.
        var name = WorkNames.Report(Kind, Id);
        var found = await Output.FindAsync(name, cancellationToken);
        var submission = await SubmissionAsync(cancellationToken);
        var book = await BookAsync(cancellationToken);
        var paper = new ArrayPaper { Code = book.Failure?.Code, Message = book.Message };
        if (book.IsWhole)
        {
            paper = await FindResultAsync(submission, cancellationToken) is { } result
                ? new ArrayPaper
                {
                    ResultTag = result.ETag.Value,
                    Report = Report(submission, await LoadListingAsync(Output, book.Listing!, cancellationToken), book),
                }
                : new ArrayPaper
                {
                    IsConflict = true,
                    Code = FailureCodes.OutputConflict,
                    Message = $"The result was not written: somebody else wrote {Output.Locate(ObjectName.Parse(submission.Output))} meanwhile.",
                };
            await RemovePartsAsync(cancellationToken);
        }

        var bytes = paper.ToBytes();
        await Output.ReplaceAsync(name, found, stream => stream.WriteAsync(bytes, cancellationToken).AsTask(), cancellationToken);
    }

    /// <summary>The result, if this work published it and it stands.</summary>
    private async Task<StoredObject?> FindResultAsync(ArraySubmission submission, CancellationToken cancellationToken) =>
        await Output.FindAsync(ObjectName.Parse(submission.Output), cancellationToken) is { } standing
        && await MadeArrays.FindMakerAsync(Output, standing, cancellationToken) == Id
            ? standing
            : null;

    /// <summary>Joins the parts behind a header, all at once. It may be done again: what it did before is found by its content.</summary>
    private async Task<CommitResult> PublishAsync(ArraySubmission submission, ArrayBook book, CancellationToken cancellationToken)
    {
        var listing = await LoadListingAsync(Output, book.Listing!, cancellationToken);
        var stage = new StageId(StageId.HashOf(Id), uint.MaxValue, 1);
        var header = listing.Read(submission.Input);
        using var joined = HostedPart.Begin(Output, ObjectName.Parse(submission.Output), stage);
        joined.Content.Write(header.With(ArrayProgram.Compile(submission.LoadSpec(), header.Element).Result).Bytes.AsSpan());
        for (var item = 0; item < book.Items; item++)
        {
            await using var part = await OpenPartAsync(item, cancellationToken);
            await part.CopyToAsync(joined.Content, cancellationToken);
        }

        joined.Seal(cancellationToken);
        var precondition = listing.Replaces is { } tag ? Precondition.Matches(new ETag(tag)) : Precondition.Absent;
        return await Publication.CommitUntilKnownAsync(joined.Reference!, precondition, joined.Sha256, new CommitId(stage.ToString()), cancellationToken);
    }

    private async Task<ArrayBook> BookAsync(CancellationToken cancellationToken)
    {
        var book = new ArrayBook();
        await book.ReadAsync(Output, Journal, cancellationToken);
        return book;
    }

    private static ArrayReport Report(ArraySubmission submission, ArrayListing listing, ArrayBook book)
    {
        var spec = submission.LoadSpec();
        var header = listing.Read(submission.Input);
        var program = ArrayProgram.Compile(spec, header.Element);
        return new ArrayReport
        {
            Status = "done",
            Input = submission.Input,
            Output = submission.Output,
            InPlace = false,
            Fingerprint = spec.Fingerprint,
            Steps = [.. spec.Steps.Select(step => step.Words)],
            Element = program.Input.Word(),
            Result = program.Result.Word(),
            Shape = header.Shape,
            BytesIn = header.DataBytes,
            Before = submission.Statistics ? listing.Before ?? ArrayStatistics.Of(book.Before ?? new ArrayMeasure(program.Input, moments: true)) : null,
            After = submission.Statistics ? ArrayStatistics.Of(book.After ?? new ArrayMeasure(program.Result, moments: true)) : null,
        };
    }

    private async Task<ArraySubmission> SubmissionAsync(CancellationToken cancellationToken) =>
        _submission ??= await WorkSubmission.LoadAsync<ArraySubmission>(Output, Kind, WorkNames.Body(Kind, Id, bodyHash), cancellationToken);
}

/// <summary>The work on an array as its journal has it.</summary>
internal sealed class ArrayBook : WorkBook
{
    /// <summary>The elements before the first step, of the ranges that are published; null if none was measured.</summary>
    public ArrayMeasure? Before { get; private set; }

    /// <summary>The elements after the last step.</summary>
    public ArrayMeasure? After { get; private set; }

    /// <inheritdoc />
    protected override void Add(string staged)
    {
        var part = ArrayPart.Parse(staged);
        Before = Sum(Before, part.Before);
        After = Sum(After, part.After);
    }

    private static ArrayMeasure? Sum(ArrayMeasure? whole, string? part)
    {
        if (part is null)
        {
            return whole;
        }

        var measure = ArrayMeasure.Parse(part);
        whole?.Add(measure);
        return whole ?? measure;
    }
}
