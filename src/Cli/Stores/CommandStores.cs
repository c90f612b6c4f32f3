using OrleansClean.Execution.Hosting;
using OrleansClean.Storage;
using OrleansClean.Storage.AzureBlobs;
using OrleansClean.Stores;

namespace OrleansClean.Cli.Stores;

/// <summary>The stores that a command may touch. The environment is read when the first address is opened: who cleans folders need not know of it.</summary>
internal sealed class CommandStores : IStoreDirectory
{
    private readonly Lazy<LocalStores> _all = new(ClusterStores.FromEnvironment);
    private readonly LocalStores _folders = new();

    private CommandStores()
    {
    }

    /// <summary>Those of this process.</summary>
    public static CommandStores Instance { get; } = new();

    /// <inheritdoc />
    public IObjectStore Open(string name) => BlobConnections.IsAddress(name) ? _all.Value.Open(name) : _folders.Open(name);
}
