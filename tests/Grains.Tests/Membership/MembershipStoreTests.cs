using OrleansClean.Grains.Membership;
using OrleansClean.Storage.AzureBlobs.Tests;
using OrleansClean.Storage.Faults;

namespace OrleansClean.Grains.Tests.Membership;

/// <summary>The document in a store, written by many at once: what Orleans' own tests of a membership table ask for, on every store.</summary>
public sealed class MembershipStoreTests(Azurite azurite) : IClassFixture<Azurite>, IDisposable
{
    private static readonly DateTime Noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);
    private readonly TestedStores _stores = new(azurite);
    private string _store = "";

    public static TheoryData<string> Stores => TestedStores.Names;

    public void Dispose() => _stores.Dispose();

    [AzuriteFact]
    public void Azurite_is_among_the_stores() => Assert.Contains("azurite", TestedStores.All);

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Of_twenty_first_silos_one_is_first(string store)
    {
        await BeginAsync(store);
        var won = await Task.WhenAll(Enumerable.Range(0, 20).Select(silo => Task.Run(() =>
            Open().ChangeAsync(table => table.Insert(Row($"{silo}"), 0), CancellationToken.None))));

        Assert.Single(won, first => first);
        Assert.Equal(1, (await Open().ReadAsync(CancellationToken.None)).Version);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Each_of_many_equal_changes_counts_once(string store)
    {
        await BeginAsync(store);
        await Open().ChangeAsync(table => table.Insert(Row("a"), 0), CancellationToken.None);

        await Task.WhenAll(Enumerable.Range(0, 19).Select(_ => Task.Run(async () =>
        {
            var store = Open();
            var isDone = false;
            while (!isDone)
            {
                var seen = await store.ReadAsync(CancellationToken.None);
                isDone = await store.ChangeAsync(table => table.Update(seen.Find("a")!, seen.Find("a")!.Tag, seen.Version), CancellationToken.None);
            }
        })));

        Assert.Equal(20, (await Open().ReadAsync(CancellationToken.None)).Version);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Heartbeats_beside_changes_refuse_none(string store)
    {
        await BeginAsync(store);
        await Open().ChangeAsync(table => table.Insert(Row("a"), 0), CancellationToken.None);
        await Open().ChangeAsync(table => table.Insert(Row("b"), 1), CancellationToken.None);
        using var enough = new CancellationTokenSource();
        var beats = Task.Run(async () =>
        {
            var count = 0;
            for (; !enough.IsCancellationRequested || count == 0; count++)
            {
                await Open().ChangeAsync(table => table.Heartbeat("b", Noon.AddSeconds(count + 1)), CancellationToken.None);
            }

            return count;
        });

        for (var change = 0; change < 30; change++)
        {
            var seen = await Open().ReadAsync(CancellationToken.None);
            Assert.True(await Open().ChangeAsync(table => table.Update(seen.Find("a")!, seen.Find("a")!.Tag, seen.Version), CancellationToken.None));
        }

        await enough.CancelAsync();
        Assert.Equal(Noon.AddSeconds(await beats), (await Open().ReadAsync(CancellationToken.None)).Find("b")!.IAmAliveTime);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_deleted_table_is_empty_and_can_be_deleted_again(string store)
    {
        await BeginAsync(store);
        await Open().ChangeAsync(table => table.Insert(Row("a"), 0), CancellationToken.None);

        await Open().DeleteAsync(CancellationToken.None);
        await Open().DeleteAsync(CancellationToken.None);

        Assert.Equal(0, (await Open().ReadAsync(CancellationToken.None)).Version);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_change_whose_answer_was_lost_counts_once(string store)
    {
        await BeginAsync(store);
        await Open().ChangeAsync(table => table.Insert(Row("a"), 0), CancellationToken.None);
        var writes = 0;
        var faults = new StoreFaults(
            _stores.Open(_store),
            call => call.Operation is StoreOperation.WriteDocument && ++writes == 1 ? StoreFaultKind.After : null);
        var blind = new MembershipStore(faults, MembershipStore.NameFor("tests"), TimeProvider.System);

        Assert.True(await blind.ChangeAsync(table => table.Insert(Row("b"), 1), CancellationToken.None));

        var table = await Open().ReadAsync(CancellationToken.None);
        Assert.Equal(2, table.Version);
        Assert.Equal(["a", "b"], table.Rows.Select(row => row.Silo));
    }

    private async Task BeginAsync(string store)
    {
        _store = store;
        await _stores.PrepareAsync(store);
    }

    /// <summary>A store object of its own each time, as each silo has.</summary>
    private MembershipStore Open() => new(_stores.Open(_store), MembershipStore.NameFor("tests"), TimeProvider.System);

    private static MembershipRow Row(string silo) =>
        new(silo, 0, MembershipRow.Active, $"name of {silo}", "host", 0, null, 0, 0, Noon, Noon, null);
}
