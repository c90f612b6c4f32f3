using Orleans;
using Orleans.Concurrency;
using OrleansClean.Grains.Wire;

namespace OrleansClean.Grains;

/// <summary>
/// The grain of one file. A stateless worker runs on the silo of its caller, which is what is wanted here: the silo's runner took the
/// attempt because it has a free slot, and the slot waits for this start.
/// </summary>
[GrainType("oc.cleaning")]
[StatelessWorker]
public sealed class CleaningGrain(ICleaningFloor floor) : Grain, ICleaningGrain
{
    /// <inheritdoc />
    public Task<StartReply> Start(StartOrder order) => Task.FromResult(new StartReply(floor.Start(order)));
}

/// <summary>Where a silo's slots wait for their starts.</summary>
public interface ICleaningFloor
{
    /// <summary>Starts an attempt that a slot of this silo holds; false if none does.</summary>
    bool Start(StartOrder order);
}
