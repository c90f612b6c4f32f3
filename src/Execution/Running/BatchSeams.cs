using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Execution.Ranges;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Running;

/// <summary>Where tests take hold of a run: the engine, the clock, the plan, the store that is written.</summary>
internal sealed record BatchSeams
{
    /// <summary>What a run uses.</summary>
    public static BatchSeams Real { get; } = new();

    public Func<FileCleaning, CancellationToken, FileReport> Clean { get; init; } = FileCleaner.Clean;

    /// <summary>With large files cleaned on all of <paramref name="threads"/> threads, unless a test took hold of the engine.</summary>
    public BatchSeams OnThreads(int threads) => Clean == Real.Clean ? this with { Clean = new RangedCleaner(threads).Clean } : this;

    public Func<string, string, IReadOnlyDictionary<string, string>, Plan> LoadPlan { get; init; } = PlanLoader.Load;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whose name stands in claims of roots.</summary>
    public ClaimHolder Holder { get; init; } = ClaimHolder.ThisProcess;

    /// <summary>Stands between the run and the store of outputs and state.</summary>
    public Func<IObjectStore, IObjectStore> Wrap { get; init; } = store => store;
}
