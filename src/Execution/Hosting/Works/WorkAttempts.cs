using OrleansClean.Batches;
using OrleansClean.Cleaning;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting.Works;

/// <summary>The executor of a process that does work of every kind.</summary>
/// <param name="stores">The stores that it may touch.</param>
/// <param name="slots">Attempts at once.</param>
public sealed class WorkAttempts(IStoreDirectory stores, int slots) : IAttemptExecutor
{
    private readonly CleaningAttempts _cleaning = new(stores, slots);
    private readonly Dictionary<WorkKind, IAttemptExecutor> _others = KindOfWork.All.ToDictionary(kind => kind.Key, kind => kind.Value.Attempts(stores));

    /// <inheritdoc />
    public AttemptOutcome Execute(BatchPlace place, AttemptId attempt, AttemptContext context)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (place.Kind is WorkKind.CleanFiles)
        {
            return _cleaning.Execute(place, attempt, context);
        }

        return _others.TryGetValue(place.Kind, out var executor)
            ? executor.Execute(place, attempt, context)
            : Failed(new Failure(
                ProblemCodes.InternalError, $"This version knows no work of the kind {(int)place.Kind}. Use the version that it was submitted with.", IsTransient: false));
    }

    /// <summary>Runs an attempt and makes an outcome of whatever it throws: it must not take others with it.</summary>
    internal static AttemptOutcome Guard(Func<AttemptOutcome> attempt, Func<StorageException, Failure> explain, AttemptContext context)
    {
        try
        {
            return attempt();
        }
        catch (OperationCanceledException) when (context.Cancelled.IsCancellationRequested)
        {
            return new AttemptOutcome.Released();
        }
        catch (StorageException e)
        {
            return Failed(explain(e));
        }
        catch (FileFailedException e)
        {
            return Failed(new Failure(e.Code, e.Message, IsTransient: false));
        }
        catch (UsageException e)
        {
            return Failed(new Failure(ProblemCodes.InternalError, e.Message, IsTransient: false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Failed(new Failure(ProblemCodes.StorageError, e.Message, IsTransient: false));
        }
#pragma warning disable CA1031 // Whatever it is costs this item, under its own code.
        catch (Exception e) when (e is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            return Failed(new Failure(ProblemCodes.InternalError, $"{e.GetType().Name}: {e.Message}", IsTransient: false));
        }
    }

    /// <summary>What a store's refusal means where an input is read piece by piece.</summary>
    internal static Failure Explain(StorageException e, string inputs) => e.Fault is StorageFault.Changed or StorageFault.Missing
        ? new Failure(ProblemCodes.InputChanged, $"{inputs}: {e.Message}", IsTransient: false)
        : new Failure(ProblemCodes.StorageError, e.Message, e.IsTransient);

    private static AttemptOutcome.Failed Failed(Failure failure) => new(failure);
}
