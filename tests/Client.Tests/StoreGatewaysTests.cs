using OrleansClean.Grains.Membership;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Client.Tests;

public sealed class StoreGatewaysTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oc-gateways");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Gateways_are_active_silos_that_take_clients()
    {
        var store = new MembershipStore(new FolderStore(_folder.FullName), MembershipStore.NameFor("tests"), TimeProvider.System);
        var gateways = new StoreGateways(store, TimeSpan.FromSeconds(5));
        Assert.Empty(await gateways.GetGateways());

        await store.ChangeAsync(table => table.Insert(Row("127.0.0.1:11111@5", "Active", 30000), 0), default);
        await store.ChangeAsync(table => table.Insert(Row("127.0.0.1:11112@6", "Dead", 30001), 1), default);
        await store.ChangeAsync(table => table.Insert(Row("127.0.0.1:11113@7", "Active", 0), 2), default);

        Assert.Equal("gwy.tcp://127.0.0.1:30000/5", Assert.Single(await gateways.GetGateways()).ToString());
        Assert.Equal(TimeSpan.FromSeconds(5), gateways.MaxStaleness);
    }

    private static MembershipRow Row(string silo, string status, int port) =>
        new(silo, 0, status, silo, "host", port, null, 0, 0, DateTime.UnixEpoch, DateTime.UnixEpoch, null);
}
