using System.Collections;
using OrleansClean.Execution;
using OrleansClean.Execution.Hosting;
using OrleansClean.Storage.AzureBlobs;

namespace OrleansClean.Stores;

/// <summary>The stores of a process of the cluster: folders, and the containers of accounts that its operator named. Silo and client compile this one file.</summary>
internal static class ClusterStores
{
    /// <summary>Reads the named accounts from the environment. Throws <see cref="UsageException"/> for one that cannot be read.</summary>
    public static LocalStores FromEnvironment()
    {
        try
        {
            var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
                .Select(variable => new KeyValuePair<string, string>((string)variable.Key, (string?)variable.Value ?? ""));
            var connections = BlobConnections.FromEnvironment(variables);
            return new LocalStores(name => BlobConnections.IsAddress(name) ? connections.Open(name, new AzureBlobOptions()) : null);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>A store's name as every process understands it: an address as it stands, a folder as a full path.</summary>
    public static string Full(string name) => BlobConnections.IsAddress(name) ? name : Path.GetFullPath(name);
}
