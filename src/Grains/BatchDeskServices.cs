using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Hosting;
using OrleansClean.Grains.Registry;

namespace OrleansClean.Grains;

/// <summary>What the grains of batches work with on a silo.</summary>
/// <param name="Registry">The cluster's batches.</param>
/// <param name="Stores">The stores that the cluster serves.</param>
/// <param name="EffectsOf">Carries out a batch's effects.</param>
/// <param name="IsDead">True for a worker on a silo that the cluster has declared dead.</param>
/// <param name="Opened">Told that a batch is coordinated here from now on.</param>
/// <param name="Time">The clock.</param>
public sealed record BatchDeskServices(
    ClusterRegistry Registry,
    IStoreDirectory Stores,
    Func<ClusterBatch, IEffectExecutor> EffectsOf,
    Func<WorkerId, bool> IsDead,
    Action<string> Opened,
    TimeProvider Time);
