using OrleansClean.Client;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Tests.Hosting;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>The host on a cluster: a silo in a process of its own, and a client. A kill is a SIGKILL.</summary>
#pragma warning disable CA1001 // The client and the silo end with the test, by StopAsync.
public sealed class ClusterHostTests : BatchHostContract
#pragma warning restore CA1001
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private OrleansCleanClient? _client;
    private SiloProcess? _silo;

    protected override IBatchHost Host => _client!;

    private string ClusterStore => Path.Combine(Root, "cluster");

    protected override async Task StartAsync()
    {
        _silo = await new SiloProcess("tests", ClusterStore, "silo-1").Start().ReadyAsync();
        _client = await OrleansCleanClient.ConnectAsync("tests", new FolderStore(ClusterStore), new LocalStores(), Patience, CancellationToken.None);
    }

    protected override async Task KillAsync()
    {
        await _silo!.KillAsync();
        await _silo.Start().ReadyAsync();
    }

    protected override async Task StopAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        if (_silo is not null)
        {
            await _silo.DisposeAsync();
        }
    }
}
