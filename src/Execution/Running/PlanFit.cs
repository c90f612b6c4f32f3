using OrleansClean.Cleaning;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Inputs;

namespace OrleansClean.Execution.Running;

/// <summary>
/// Finds out before anything is written whether the plan is wrong for the columns it is about to meet: what cannot be
/// compared or computed there is a mistake in the plan, and every file with that header would fail alike.
/// </summary>
internal static class PlanFit
{
    /// <summary>Inputs that are looked at until one has a header that tells; the others are judged when their turn comes.</summary>
    public const int InputsMax = 8;

    /// <summary>
    /// Throws the <see cref="PlanException"/> with every place if the plan does not fit the first header that has the
    /// columns it speaks of. A file that cannot be read says nothing about the plan: it fails alone, later.
    /// </summary>
    public static void Check(CleaningBatch batch, IEnumerable<FoundInput> inputs, CancellationToken cancellationToken)
    {
        foreach (var input in inputs.Where(input => input.Refusal is null).Take(InputsMax))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Tells(batch, input, cancellationToken))
            {
                return;
            }
        }
    }

    private static bool Tells(CleaningBatch batch, FoundInput input, CancellationToken cancellationToken)
    {
        try
        {
            FileCleaner.CheckHeader(new FileCleaning
            {
                Plan = batch.Plan,
                InputName = input.Name,
                OpenInput = () => batch.InputOf(input.Root).OpenReadAsync(input.Key!, input.ETag, cancellationToken).Now(),
                Outputs = NoOutputs.Instance,
                BatchId = batch.Id,
                Now = batch.Submission.FrozenAt.UtcDateTime,
            });
            return true;
        }
        catch (FileFailedException failure) when (failure.InnerException is PlanException problems)
        {
#pragma warning disable MA0027 // The plan's error is thrown instead of the file's: it is no file that is wrong.
            throw problems;
#pragma warning restore MA0027
        }
#pragma warning disable CA1031 // Whatever else goes wrong here goes wrong again for that file alone, and is reported with it.
        catch (Exception failure) when (failure is not (OperationCanceledException or OutOfMemoryException))
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private sealed class NoOutputs : ICleaningOutputs
    {
        public static NoOutputs Instance { get; } = new();

        public Stream OpenOutput() => Stream.Null;

        public Stream OpenRejectRecords() => Stream.Null;

        public Stream OpenRejectRows() => Stream.Null;
    }
}
