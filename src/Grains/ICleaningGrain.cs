using Orleans;
using Orleans.Runtime;
using OrleansClean.Grains.Wire;

namespace OrleansClean.Grains;

/// <summary>
/// Starts the cleaning of one file on the silo of its caller. It returns at once: the work is done by the silo's own threads,
/// and its end is reported to the batch by a call of its own.
/// </summary>
[GrainInterfaceType("oc.cleaning")]
public interface ICleaningGrain : IGrainWithIntegerKey
{
    /// <summary>Starts an attempt that this silo's runner was given.</summary>
    Task<StartReply> Start(StartOrder order);
}
