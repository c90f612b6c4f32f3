using System.Net;
using Orleans.Messaging;
using Orleans.Runtime;
using OrleansClean.Grains.Membership;

namespace OrleansClean.Client;

/// <summary>The doors of a cluster as its membership document has them: active silos that take clients.</summary>
internal sealed class StoreGateways(MembershipStore store, TimeSpan maxStaleness) : IGatewayListProvider
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public TimeSpan MaxStaleness => maxStaleness;

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    public async Task<IList<Uri>> GetGateways()
    {
        using var patience = new CancellationTokenSource(Patience);
        var table = await store.ReadAsync(patience.Token);
        return [.. table.Rows
            .Where(row => row.Status == MembershipRow.Active && row.ProxyPort != 0)
            .Select(row => (Silo: SiloAddress.FromParsableString(row.Silo), row.ProxyPort))
            .Select(row => SiloAddress.New(new IPEndPoint(row.Silo.Endpoint.Address, row.ProxyPort), row.Silo.Generation).ToGatewayUri())];
    }
}
