using OrleansClean.Cli.Clusters;
using OrleansClean.Cli.Demo;
using OrleansClean.Cli.Output;
using OrleansClean.Client.Demo;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Hosting.Works;
using OrleansClean.Stores;

namespace OrleansClean.Client;

/// <summary>The command's way to clusters: Orleans.</summary>
internal sealed class ClientDoor : IClusterDoor
{
    /// <summary>How long a cluster is waited for, and a request repeated, before nobody is said to answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <inheritdoc />
    public Task<int> ActAsync(ClusterAddress cluster, Func<IBatchHost, Task<int>> act, CancellationToken cancellationToken) =>
        ConnectedAsync(cluster, act, cancellationToken);

    /// <inheritdoc />
    public Task<int> ActOnWorkAsync(ClusterAddress cluster, Func<IWorkHost, Task<int>> act, CancellationToken cancellationToken) =>
        ConnectedAsync(cluster, act, cancellationToken);

    /// <inheritdoc />
    public string Full(string place) => ClusterStores.Full(place);

    /// <inheritdoc />
    public Task<int> DemoAsync(DemoRun demo, DemoTruth truth, int silos, Terminal terminal, CancellationToken cancellationToken) =>
        new ClusterDemo(demo, truth, silos, terminal).RunAsync(cancellationToken);

    private static async Task<int> ConnectedAsync(ClusterAddress cluster, Func<OrleansCleanClient, Task<int>> act, CancellationToken cancellationToken)
    {
        var stores = ClusterStores.FromEnvironment();
        await using var client = await OrleansCleanClient.ConnectAsync(cluster.Name, stores.Open(cluster.Store), stores, Patience, cancellationToken);
        return await act(client);
    }
}
