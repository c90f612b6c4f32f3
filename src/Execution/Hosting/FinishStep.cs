using OrleansClean.Batches;
using OrleansClean.Cleaning;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>The steps between a batch's last item and its end, whatever its kind.</summary>
internal static class FinishStep
{
    /// <summary>
    /// True if the medium takes nothing before somebody does something about it. Then it is as with a journal that cannot be written: the coordinator
    /// ends and its caller is told why; the next one goes on at the same place.
    /// </summary>
    public static bool IsRefusal(StorageException e) => e.Fault is StorageFault.Full or StorageFault.ReadOnly or StorageFault.Denied;

    /// <summary>
    /// Takes a step and answers <paramref name="done"/> once it survives the loss of power: the journal is never ahead of the files. What may be better
    /// later is told to <paramref name="failed"/> and answered as such; a refusal is thrown.
    /// </summary>
    public static async Task<BatchInput> TakeAsync(
        IObjectStore output, Func<CancellationToken, Task> write, BatchInput done, Action<StorageException>? failed, CancellationToken cancellationToken)
    {
        try
        {
            await write(cancellationToken);
            await output.FlushAsync(cancellationToken);
            return done;
        }
        catch (StorageException e) when (!IsRefusal(e))
        {
            failed?.Invoke(e);
            return Failed(e);
        }
    }

    /// <summary>The answer that a step is to be taken again.</summary>
    public static BatchInput.FinishFailed Failed(StorageException e) => new(new Failure(ProblemCodes.StorageError, e.Message, e.IsTransient)) { At = default };
}
