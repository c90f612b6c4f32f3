using System.Net;
using Orleans;
using Orleans.Runtime;
using OrleansClean.Client;
using OrleansClean.Grains.Membership;
using OrleansClean.Silo.Membership;
using OrleansClean.Grains.Tests;
using OrleansClean.Grains.Tests.Membership;
using OrleansClean.Storage.AzureBlobs.Tests;

namespace OrleansClean.Silo.Tests.Membership;

/// <summary>The cases that Orleans asks of every membership table, and those that this one learned the hard way, on every store.</summary>
public sealed class StoreMembershipTableTests(Azurite azurite) : IClassFixture<Azurite>, IDisposable
{
    private static int _generation;
    private readonly TestedStores _stores = new(azurite);
    private string _store = "";

    public static TheoryData<string> Stores => TestedStores.Names;

    public void Dispose() => _stores.Dispose();

    [AzuriteFact]
    public void Azurite_is_among_the_stores() => Assert.Contains("azurite", TestedStores.All);

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task An_empty_table_has_no_rows_and_a_version_with_a_token(string store)
    {
        await BeginAsync(store);
        var data = await Table().ReadAll();

        Assert.Empty(data.Members);
        Assert.Equal(0, data.Version.Version);
        Assert.NotNull(data.Version.VersionEtag);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_row_is_inserted_once_and_read_as_it_was_written(string store)
    {
        await BeginAsync(store);
        var table = Table();
        var entry = Entry();
        entry.AddSuspector(NewAddress(), Now());
        (entry.RoleName, entry.UpdateZone, entry.FaultZone) = ("role", 3, 4);
        var before = await table.ReadAll();

        Assert.True(await table.InsertRow(entry, before.Version.Next()));
        Assert.False(await table.InsertRow(Entry(), before.Version.Next()));
        Assert.False(await table.InsertRow(entry, (await table.ReadAll()).Version.Next()));

        var (row, tag) = Assert.Single((await table.ReadRow(entry.SiloAddress)).Members);
        Assert.Equal(entry.ToFullString(), row.ToFullString());
        Assert.NotNull(tag);
        Assert.Equal(1, (await table.ReadAll()).Version.Version);
        Assert.Equal(entry.ToFullString(), Assert.Single((await table.ReadAll()).Members).Item1.ToFullString());
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task An_unknown_row_is_no_row_but_the_version_is_told(string store)
    {
        await BeginAsync(store);
        var table = Table();
        await Insert(table, Entry());

        var data = await table.ReadRow(NewAddress());

        Assert.Empty(data.Members);
        Assert.Equal(1, data.Version.Version);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task An_update_needs_the_row_its_tag_and_the_table_s_version(string store)
    {
        await BeginAsync(store);
        var table = Table();
        await Insert(table, Entry());
        var entry = Entry();
        var missing = await table.ReadAll();
        Assert.False(await table.UpdateRow(entry, missing.Members[0].Item2, missing.Version.Next()));

        await Insert(table, entry);
        var seen = await table.ReadAll();
        var tag = seen.TryGet(entry.SiloAddress)!.Item2;
        entry.Status = SiloStatus.Active;
        entry.AddSuspector(NewAddress(), Now());
        Assert.False(await table.UpdateRow(entry, tag, missing.Version.Next()));
        Assert.False(await table.UpdateRow(entry, "wrong", seen.Version.Next()));
        Assert.True(await table.UpdateRow(entry, tag, seen.Version.Next()));
        Assert.False(await table.UpdateRow(entry, tag, seen.Version.Next()));

        var after = await table.ReadAll();
        Assert.Equal(seen.Version.Version + 1, after.Version.Version);
        Assert.Equal(entry.ToFullString(), after.TryGet(entry.SiloAddress)!.Item1.ToFullString());
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Of_parallel_inserts_one_wins_and_parallel_updates_make_one_version_each(string store)
    {
        await BeginAsync(store);
        var table = Table();
        var entry = Entry();
        var first = (await table.ReadAll()).Version.Next();
        var inserts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Table().InsertRow(entry, first))));
        Assert.Single(inserts, won => won);

        await Task.WhenAll(Enumerable.Range(0, 19).Select(_ => Task.Run(async () =>
        {
            var isDone = false;
            while (!isDone)
            {
                var seen = await table.ReadAll();
                var (row, tag) = seen.TryGet(entry.SiloAddress)!;
                isDone = await table.UpdateRow(row, tag, seen.Version.Next());
            }
        })));

        Assert.Equal(20, (await table.ReadAll()).Version.Version);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_heartbeat_changes_its_time_only_and_refuses_nobody(string store)
    {
        await BeginAsync(store);
        var table = Table();
        var entry = Entry();
        await Insert(table, entry);
        var seen = await table.ReadAll();
        var alive = Now().AddSeconds(10);

        await table.UpdateIAmAlive(new MembershipEntry { SiloAddress = entry.SiloAddress, IAmAliveTime = alive });

        var after = await table.ReadAll();
        Assert.Equal(seen.Version, after.Version);
        Assert.Equal(seen.Members[0].Item2, after.Members[0].Item2);
        Assert.Equal(alive, after.Members[0].Item1.IAmAliveTime);
        Assert.True(await table.UpdateRow(entry, seen.Members[0].Item2, seen.Version.Next()));
        Assert.Equal(alive, (await table.ReadAll()).Members[0].Item1.IAmAliveTime);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_heartbeat_of_a_missing_row_creates_nothing_and_none_goes_back(string store)
    {
        await BeginAsync(store);
        var table = Table();
        var entry = Entry();
        await Insert(table, entry);

        await table.UpdateIAmAlive(Entry());
        await table.UpdateIAmAlive(new MembershipEntry { SiloAddress = entry.SiloAddress, IAmAliveTime = entry.IAmAliveTime.AddHours(-1) });

        Assert.Equal(entry.IAmAliveTime, Assert.Single((await table.ReadAll()).Members).Item1.IAmAliveTime);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Cleaning_up_keeps_active_and_recent_rows_and_the_version(string store)
    {
        await BeginAsync(store);
        var table = Table();
        foreach (var status in Enum.GetValues<SiloStatus>())
        {
            var old = Entry();
            (old.Status, old.StartTime, old.IAmAliveTime) = (status, Now().AddDays(-10), Now().AddDays(-10));
            await Insert(table, old);
        }

        var suspected = Entry();
        (suspected.Status, suspected.StartTime, suspected.IAmAliveTime) = (SiloStatus.Dead, Now().AddDays(-10), Now().AddDays(-10));
        suspected.AddSuspector(NewAddress(), Now());
        await Insert(table, suspected);
        var young = Entry();
        young.Status = SiloStatus.Dead;
        await Insert(table, young);
        var version = (await table.ReadAll()).Version;

        await table.CleanupDefunctSiloEntries(DateTimeOffset.UtcNow.AddDays(-1));

        var after = await table.ReadAll();
        Assert.Equal(version, after.Version);
        Assert.Equal(
            new[] { SiloStatus.Active, SiloStatus.Dead, SiloStatus.Dead }.Order(),
            after.Members.Select(member => member.Item1.Status).Order());
        Assert.NotNull(after.TryGet(suspected.SiloAddress));
        Assert.NotNull(after.TryGet(young.SiloAddress));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Of_ten_rows_each_is_updated_once_for_each_view_of_it(string store)
    {
        await BeginAsync(store);
        var table = Table();
        for (var silo = 1; silo <= 10; silo++)
        {
            var entry = Entry();
            entry.AddSuspector(NewAddress(), Now().AddSeconds(1));
            var before = await table.ReadAll();
            Assert.True(await table.InsertRow(entry, before.Version.Next()));
            var seen = await table.ReadAll();
            var tag = seen.TryGet(entry.SiloAddress)!.Item2;

            Assert.False(await table.UpdateRow(entry, tag, before.Version.Next()));
            Assert.True(await table.UpdateRow(entry, tag, seen.Version.Next()));
            var after = await table.ReadAll();
            Assert.False(await table.UpdateRow(entry, after.TryGet(entry.SiloAddress)!.Item2, seen.Version.Next()));

            Assert.Equal((silo * 2, silo), (after.Version.Version, after.Members.Count));
            Assert.NotEqual(tag, after.TryGet(entry.SiloAddress)!.Item2);
            Assert.NotEqual(seen.Version.VersionEtag, after.Version.VersionEtag);
        }
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Clients_are_shown_the_active_silos_that_have_a_door(string store)
    {
        await BeginAsync(store);
        var table = Table();
        var entries = Enumerable.Range(0, 10).Select(_ => Entry()).ToArray();
        entries[3].Status = entries[5].Status = entries[9].Status = SiloStatus.Active;
        entries[3].ProxyPort = 0;
        foreach (var entry in entries)
        {
            await Insert(table, entry);
        }

        var doors = await new StoreGateways(Document(), TimeSpan.FromSeconds(5)).GetGateways();

        Assert.Equal(
            new[] { entries[5], entries[9] }.Select(entry => $"gwy.tcp://127.0.0.1:30000/{entry.SiloAddress.Generation}"),
            doors.Select(door => door.ToString()));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_deleted_table_is_empty(string store)
    {
        await BeginAsync(store);
        var table = Table();
        await table.InitializeMembershipTable(tryInitTableVersion: true);
        await Insert(table, Entry());

        await table.DeleteMembershipTableEntries("tests");

        Assert.Empty((await table.ReadAll()).Members);
    }

    private static async Task Insert(StoreMembershipTable table, MembershipEntry entry) =>
        Assert.True(await table.InsertRow(entry, (await table.ReadAll()).Version.Next()));

    private static MembershipEntry Entry() => new()
    {
        SiloAddress = NewAddress(),
        HostName = "host",
        SiloName = "silo",
        Status = SiloStatus.Joining,
        ProxyPort = 30000,
        StartTime = Now(),
        IAmAliveTime = Now(),
    };

    private static SiloAddress NewAddress() =>
        SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111), Interlocked.Increment(ref _generation));

    private static DateTime Now() => DateTime.UtcNow;

    private async Task BeginAsync(string store)
    {
        _store = store;
        await _stores.PrepareAsync(store);
    }

    /// <summary>A table of its own each time, as each silo has.</summary>
    private StoreMembershipTable Table() => new(Document());

    private MembershipStore Document() => new(_stores.Open(_store), MembershipStore.NameFor("tests"), TimeProvider.System);
}
