using System.Globalization;
using OrleansClean.Batches;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>Cleans files: the executor of <see cref="WorkKind.CleanFiles"/>. One for a process; safe for many threads.</summary>
public sealed class CleaningAttempts : IAttemptExecutor
{
    private readonly BatchCache<(CleaningBatch Batch, BatchListingDocument Listing)> _batches;
    private readonly IBatchWatch? _watch;

    /// <summary>Cleans with the stores that <paramref name="stores"/> knows.</summary>
    public CleaningAttempts(IStoreDirectory stores)
        : this(stores, BatchSeams.Real, watch: null)
    {
    }

    /// <summary>The same, with large files cleaned on all of <paramref name="threads"/> threads that no other file needs.</summary>
    public CleaningAttempts(IStoreDirectory stores, int threads)
        : this(stores, BatchSeams.Real.OnThreads(threads), watch: null)
    {
    }

    internal CleaningAttempts(IStoreDirectory stores, BatchSeams seams, IBatchWatch? watch)
    {
        _batches = new(place =>
        {
            var output = stores.Open(place.OutputRoot);
            return (CleaningBatch.LoadAsync(output, place.Body, stores, seams, CancellationToken.None).GetAwaiter().GetResult(),
                BatchListingDocument.LoadAsync(output, ObjectName.Parse(place.Listing), CancellationToken.None).GetAwaiter().GetResult());
        });
        _watch = watch;
    }

    /// <inheritdoc />
    public AttemptOutcome Execute(BatchPlace place, AttemptId attempt, AttemptContext context)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(context);
        TimeSpan? limit = null;
        ListedInput? item = null;
        try
        {
            var entry = _batches.Get(place);
            (int Input, int Number)? piece = attempt.Item < entry.Listing.Count ? null : entry.Listing.FindPiece(attempt.Item);
            item = entry.Listing.Item(piece?.Input ?? attempt.Item);
            if (item.Refusal is { } refusal)
            {
                return Failed(ProblemCodes.StorageError, refusal);
            }

            limit = entry.Batch.Plan.Run.FileTimeout;
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(context.Cancelled);
            if (limit is { } time)
            {
                timeout.CancelAfter(time);
            }

            // Told before the work: when a file hangs or kills the process, the last thing that is known names it.
            _watch?.Started(attempt, item.Name, context.Worker);
            var one = new CleaningAttempt(entry.Batch, entry.Listing.Header, item, attempt, context.Worker, _watch);
            return piece is var (input, number)
                ? one.RunPiece(input, number, context.Progress, timeout.Token)
                : one.Run(context.Progress, timeout.Token);
        }
        catch (OperationCanceledException) when (context.Cancelled.IsCancellationRequested)
        {
            _watch?.GaveBack(attempt, item?.Name ?? "");
            return new AttemptOutcome.Released();
        }
#pragma warning disable CA1031 // A poison file must not take others with it: whatever the engine throws costs this file, under its own code.
        catch (Exception e) when (e is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            return new AttemptOutcome.Failed(Explain(e, limit));
        }
    }

    private static AttemptOutcome.Failed Failed(string code, string message) => new(new Failure(code, message, IsTransient: false));

    private static Failure Explain(Exception e, TimeSpan? limit) => e switch
    {
        FileFailedException failed => new Failure(failed.Code, failed.Message, IsTransient: false) { Line = failed.Line },
        StorageException { Fault: StorageFault.Changed } changed => new Failure(ProblemCodes.InputChanged, changed.Message, IsTransient: false),
        StorageException storage => new Failure(ProblemCodes.StorageError, storage.Message, storage.IsTransient),
        IOException or UnauthorizedAccessException => new Failure(ProblemCodes.StorageError, e.Message, e is IOException && e.InnerException is null),
        PlanException or UsageException => new Failure(ProblemCodes.InternalError, $"This worker cannot read the batch's plan: {e.Message}", IsTransient: false),
        OperationCanceledException => new Failure(
            ProblemCodes.FileTimeout,
            string.Create(CultureInfo.InvariantCulture, $"It was not done after {limit?.TotalSeconds:0.###} s. Raise run: {{file_timeout: …}} or --file-timeout, or split the file."),
            IsTransient: false),

        // A message of an exception that nobody foresaw might quote a cell; its kind and place do not.
        _ => new Failure(
            ProblemCodes.InternalError,
            $"OrleansClean failed in a way that it should not: {e.GetType().Name} in {e.TargetSite?.DeclaringType?.Name}.{e.TargetSite?.Name}. Please report it, with the file if you can.",
            IsTransient: false),
    };
}
