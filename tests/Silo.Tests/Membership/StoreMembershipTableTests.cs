using System.Net;
using Orleans;
using Orleans.Runtime;
using OrleansClean.Grains.Membership;
using OrleansClean.Silo.Membership;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Silo.Tests.Membership;

/// <summary>The cases that Orleans asks of every membership table, and those that this one learned the hard way.</summary>
public sealed class StoreMembershipTableTests : IDisposable
{
    private static int _generation;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oc-table");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_empty_table_has_no_rows_and_a_version_with_a_token()
    {
        var data = await Table().ReadAll();

        Assert.Empty(data.Members);
        Assert.Equal(0, data.Version.Version);
        Assert.NotNull(data.Version.VersionEtag);
    }

    [Fact]
    public async Task A_row_is_inserted_once_and_read_as_it_was_written()
    {
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

    [Fact]
    public async Task An_unknown_row_is_no_row_but_the_version_is_told()
    {
        var table = Table();
        await Insert(table, Entry());

        var data = await table.ReadRow(NewAddress());

        Assert.Empty(data.Members);
        Assert.Equal(1, data.Version.Version);
    }

    [Fact]
    public async Task An_update_needs_the_row_its_tag_and_the_table_s_version()
    {
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

    [Fact]
    public async Task Of_parallel_inserts_one_wins_and_parallel_updates_make_one_version_each()
    {
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

    [Fact]
    public async Task A_heartbeat_changes_its_time_only_and_refuses_nobody()
    {
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

    [Fact]
    public async Task A_heartbeat_of_a_missing_row_creates_nothing_and_none_goes_back()
    {
        var table = Table();
        var entry = Entry();
        await Insert(table, entry);

        await table.UpdateIAmAlive(Entry());
        await table.UpdateIAmAlive(new MembershipEntry { SiloAddress = entry.SiloAddress, IAmAliveTime = entry.IAmAliveTime.AddHours(-1) });

        Assert.Equal(entry.IAmAliveTime, Assert.Single((await table.ReadAll()).Members).Item1.IAmAliveTime);
    }

    [Fact]
    public async Task Cleaning_up_keeps_active_and_recent_rows_and_the_version()
    {
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

    [Fact]
    public async Task A_deleted_table_is_empty()
    {
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

    /// <summary>A table of its own each time, as each silo has.</summary>
    private StoreMembershipTable Table() =>
        new(new MembershipStore(new FolderStore(_folder.FullName), MembershipStore.NameFor("tests"), TimeProvider.System));
}
