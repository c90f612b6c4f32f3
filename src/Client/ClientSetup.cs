using Orleans.Hosting;
using OrleansClean.Wire;

namespace OrleansClean.Client;

/// <summary>Composes a client. Processes and the clusters of tests use the same.</summary>
internal static class ClientSetup
{
    /// <summary>The words of our grains.</summary>
    public static IClientBuilder AddOrleansCleanWire(this IClientBuilder client)
    {
        client.Services.AddWire();
        return client;
    }
}
