using System.Diagnostics;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Arrays.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Hosting.Works;
using OrleansClean.Execution.Inputs;
using OrleansClean.Execution.Running;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Arrays;

/// <summary>An array that is transformed range by range from one store to another.</summary>
/// <param name="SpecText">The spec.</param>
/// <param name="SpecPath">What the spec is called in messages.</param>
/// <param name="Input">The array: a path, or an address of a store that is known.</param>
/// <param name="Output">The new array, likewise.</param>
public sealed record ArrayBatchRequest(string SpecText, string SpecPath, string Input, string Output)
{
    /// <summary>Replace an output that this command did not make.</summary>
    public bool Force { get; init; }

    /// <summary>Measure the elements before and after. What is written does not depend on it.</summary>
    public bool Statistics { get; init; } = true;

    /// <summary>Elements of a range; 0 for as many as are 8 MiB.</summary>
    internal long RangeElements { get; init; }
}

/// <summary>
/// Transforms an array range by range, by a journal that survives the process: kill it anywhere, and the same request goes on. The result appears as a
/// whole, or not.
/// </summary>
public static class ArrayBatch
{
    /// <summary>True for what this is needed for: an address of a store instead of a file of this machine.</summary>
    public static bool IsAddress(string place) => StoreAddress.Is(place);

    /// <summary>
    /// Transforms in this process by <paramref name="workers"/> threads, or goes on with the same work. Throws as
    /// <see cref="ArrayTransform.RunAsync(ArrayRequest, CancellationToken)"/>.
    /// </summary>
    public static async Task<ArrayReport> RunAsync(ArrayBatchRequest request, IStoreDirectory stores, int? workers, CancellationToken cancellationToken)
    {
        var all = LocalStores.With(stores);
        var threads = WorkerCount.For(workers, memoryBytes: null);
        await using var host = new LocalWorkHost(all, new ArrayAttempts(all), threads);
        return await RunAsync(request, host, progress: null, cancellationToken) with { Workers = threads };
    }

    /// <summary>The same on another host. What is cancelled is the wait: the work goes on. Paths and addresses are those of the host.</summary>
    public static async Task<ArrayReport> RunAsync(ArrayBatchRequest request, IWorkHost host, Action<BatchOverview>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(host);
        var started = Stopwatch.GetTimestamp();
        var submission = await SubmissionAsync(request, host.Stores, cancellationToken);
        submission.Check();
        var output = host.Stores.Open(submission.OutputRoot);
        var standing = await output.FindAsync(ObjectName.Parse(submission.Output), cancellationToken);
        var (id, paper) = await WorkRun.FindAsync(
            output,
            submission,
            "array",
            document => ArrayPaper.Parse(document.Span),
            earlier => Task.FromResult(Judge(earlier, standing, isAgain: request.Force)),
            cancellationToken);
        if (paper is null)
        {
            // Of work that was begun that question is settled, and what stands may be its own.
            var isBegun = await BatchCoordinator.ExistsAsync(output, WorkNames.Journal(submission.Kind, id), cancellationToken);
            if (!isBegun && standing is not null && !request.Force && await MadeArrays.FindMakerAsync(output, standing, cancellationToken) is null)
            {
                throw new UsageException($"'{request.Output}' is there already, and not by this command. Name another file with --out, or replace it with --force.");
            }

            paper = ArrayPaper.Parse((await WorkRun.ToEndAsync(host, id, submission, progress, cancellationToken)).Span);
        }
        else
        {
            paper = paper with { Report = paper.Report! with { Status = "unchanged" } };
        }

        return Report(paper) with { Input = request.Input, Output = request.Output, WallSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds };
    }

    /// <summary>What finished work left behind. Throws <see cref="FileFailedException"/> with what it failed for.</summary>
    public static ArrayReport ReadReport(ReadOnlySpan<byte> report) => Report(ArrayPaper.Parse(report));

    private static ArrayReport Report(ArrayPaper paper) => paper.Report
        ?? throw (paper.Code is { } code
            ? new FileFailedException(code, paper.Message ?? "")
            : new UsageException("The work was stopped before it was done. The same command goes on."));

    private static async Task<ArraySubmission> SubmissionAsync(ArrayBatchRequest request, IStoreDirectory stores, CancellationToken cancellationToken)
    {
        var (inputRoot, input) = WorkPlace.Of(request.Input);
        var (outputRoot, output) = WorkPlace.Of(request.Output);
        if (inputRoot == outputRoot && input == output)
        {
            throw new UsageException($"'{request.Output}' is the input. Name another file with --out.");
        }

        var found = await stores.Open(inputRoot).FindAsync(input, cancellationToken) ?? throw new UsageException($"There is no array '{request.Input}'.");
        return new ArraySubmission
        {
            Spec = request.SpecText,
            SpecPath = request.SpecPath,
            InputRoot = inputRoot,
            Input = input.Value,
            InputTag = found.ETag.Value,
            OutputRoot = outputRoot,
            Output = output.Value,
            Statistics = request.Statistics,
            RangeElements = request.RangeElements,
        };
    }

    private static EarlierWork Judge(ArrayPaper paper, StoredObject? standing, bool isAgain) =>
        paper.IsConflict ? EarlierWork.Over
        : paper.ResultTag is not { } tag ? EarlierWork.MayPass
        : standing?.ETag.Value == tag && !isAgain ? EarlierWork.Stands
        : EarlierWork.Over;
}
