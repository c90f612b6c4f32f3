using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Ledgers;

namespace OrleansClean.Execution.Ranges;

/// <summary>
/// Cleans files as <see cref="FileCleaner"/> does, large ones in ranges on all threads that the batch has to spare. One for all
/// the workers of a batch or a process; safe for many threads.
/// </summary>
internal sealed class RangedCleaner(int threads)
{
    private readonly CoreBudget _budget = new(threads);

    /// <summary>As <see cref="FileCleaner.Clean"/>.</summary>
    public FileReport Clean(FileCleaning job, CancellationToken cancellationToken)
    {
        _budget.Enter();
        try
        {
            return threads > 1 && job.InputBytes >= RangedFile.InputBytesMin
                ? CleanLarge(job, cancellationToken)
                : FileCleaner.Clean(job, cancellationToken);
        }
        finally
        {
            _budget.Leave();
        }
    }

    private FileReport CleanLarge(FileCleaning job, CancellationToken cancellationToken)
    {
        using var file = RangedFile.Open(job, cancellationToken);
        return Clean(file, _budget);
    }

    /// <summary>Cleans an opened file, in ranges if it can be cut.</summary>
    public static FileReport Clean(RangedFile file, CoreBudget budget)
    {
        if (file.Obstacle is not null)
        {
            return file.CleanByOneReader();
        }

        RunPasses(file, budget);
        return file.Finish();
    }

    /// <summary>Runs all passes over an opened file that can be cut.</summary>
    public static void RunPasses(RangedFile file, CoreBudget budget)
    {
        using var pipeline = new RangePipeline(file, budget);
        pipeline.Run();
    }
}
