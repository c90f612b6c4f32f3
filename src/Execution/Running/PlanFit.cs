using System.Globalization;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Inputs;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Running;

/// <summary>
/// Finds out before anything is written whether the plan is wrong for the columns it is about to meet: what cannot be
/// compared or computed there, or a column that no input has, is a mistake in the plan, and every file would fail alike.
/// </summary>
internal static class PlanFit
{
    /// <summary>Inputs that cannot be read until nothing more is looked at: then each is judged when its turn comes.</summary>
    public const int UnreadableMax = 8;

    /// <summary>Inputs that lack a column until nothing more is looked at.</summary>
    public const int LackingMax = 1_000;

    /// <summary>
    /// Throws the <see cref="PlanException"/> with every place if the plan does not fit the first header that has the
    /// columns it speaks of, or if no input has them. A file that cannot be read says nothing about the plan: it fails alone, later, and so does one that lacks a
    /// column that others have.
    /// </summary>
    public static void Check(CleaningBatch batch, IEnumerable<FoundInput> inputs, CancellationToken cancellationToken)
    {
        (FoundInput Input, PlanException Problems)? first = null;
        var (lacking, unreadable) = (0, 0);
        foreach (var input in inputs.Where(input => input.Refusal is null))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Look(batch, input, cancellationToken) is not { } failure)
            {
                return;
            }

            var problems = failure.InnerException as PlanException;
            if (problems is not null && failure.Code is not ProblemCodes.MissingLabel)
            {
                throw problems;
            }

            first ??= problems is null ? null : (input, problems);
            lacking += problems is null ? 0 : 1;
            unreadable += problems is null ? 1 : 0;
            if (lacking == LackingMax || unreadable == UnreadableMax)
            {
                return;
            }
        }

        if (first is { } misfit)
        {
            throw lacking == 1 ? misfit.Problems : OfAll(misfit.Problems, misfit.Input, lacking);
        }
    }

    private static PlanException OfAll(PlanException wrong, FoundInput misfit, int lacking)
    {
        var all = string.Create(CultureInfo.InvariantCulture, $" None of {lacking} inputs has all columns of the plan; this is {ObjectName.Show(misfit.Name)}.");
        return new PlanException(wrong.PlanPath, [.. wrong.Problems.Select(problem => problem with { Hint = problem.Hint + all })]);
    }

    /// <summary>Why the input cannot be cleaned, as far as its head tells; null if it can.</summary>
    private static FileFailedException? Look(CleaningBatch batch, FoundInput input, CancellationToken cancellationToken)
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
            return null;
        }
        catch (FileFailedException failure)
        {
            return failure;
        }
#pragma warning disable CA1031 // Whatever else goes wrong here goes wrong again for that file alone, and is reported with it.
        catch (Exception failure) when (failure is not (OperationCanceledException or OutOfMemoryException))
#pragma warning restore CA1031
        {
            return new FileFailedException(ProblemCodes.StorageError, failure.Message, failure);
        }
    }
}
