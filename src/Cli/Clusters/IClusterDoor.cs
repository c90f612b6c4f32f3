using OrleansClean.Cli.Demo;
using OrleansClean.Cli.Output;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Hosting.Works;

namespace OrleansClean.Cli.Clusters;

/// <summary>A cluster as a command line names it.</summary>
/// <param name="Name">The cluster's name.</param>
/// <param name="Store">The store that it keeps itself in.</param>
internal sealed record ClusterAddress(string Name, string Store);

/// <summary>The way to clusters. Only the command that is built with Orleans has one; everything else here works over hosts of batches.</summary>
internal interface IClusterDoor
{
    /// <summary>
    /// Connects, acts, and lets go. Throws <see cref="TimeoutException"/> if no silo answers, and <see cref="Execution.UsageException"/> for a store
    /// that nobody knows.
    /// </summary>
    Task<int> ActAsync(ClusterAddress cluster, Func<IBatchHost, Task<int>> act, CancellationToken cancellationToken);

    /// <summary>The same for work of other kinds than cleaning.</summary>
    Task<int> ActOnWorkAsync(ClusterAddress cluster, Func<IWorkHost, Task<int>> act, CancellationToken cancellationToken);

    /// <summary>A place as every process of the cluster understands it: an address as it stands, a folder as a full path.</summary>
    string Full(string place);

    /// <summary>Starts silos on this machine, cleans the demo's files on them, kills one, and proves what it claims.</summary>
    Task<int> DemoAsync(DemoRun demo, DemoTruth truth, int silos, Terminal terminal, CancellationToken cancellationToken);
}
