using System.Net;
using Orleans.Runtime;
using OrleansClean.Batches;

namespace OrleansClean.Silo.Running;

/// <summary>Says whether a worker's silo is known dead.</summary>
internal sealed class SiloCensus(IClusterMembershipService membership)
{
    /// <summary>True for a worker on a silo, with this generation, that the cluster has declared dead.</summary>
    public bool IsDead(WorkerId worker) =>
        SiloRunner.EndpointOf(worker.Name) is { } text
        && IPEndPoint.TryParse(text, out var endpoint)
        && membership.CurrentSnapshot.GetSiloStatus(SiloAddress.New(endpoint, (int)worker.Generation)) is SiloStatus.Dead;
}
