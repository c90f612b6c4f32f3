using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Running;

/// <summary>Where tests take hold of a run: the engine, the clock, the plan, the store that is written.</summary>
internal sealed record BatchSeams
{
    /// <summary>What a run uses.</summary>
    public static BatchSeams Real { get; } = new();

    public Func<FileCleaning, CancellationToken, FileReport> Clean { get; init; } = FileCleaner.Clean;

    public Func<string, string, IReadOnlyDictionary<string, string>, Plan> LoadPlan { get; init; } = PlanLoader.Load;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Stands between the run and the store of outputs and state.</summary>
    public Func<IObjectStore, IObjectStore> Wrap { get; init; } = store => store;
}
