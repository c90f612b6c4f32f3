using OrleansClean.Grains.Membership;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Grains.Tests.Membership;

/// <summary>The document in a store, written by many at once: what Orleans' own tests of a membership table ask for.</summary>
public sealed class MembershipStoreTests : IDisposable
{
    private static readonly DateTime Noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oc-membership");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Of_twenty_first_silos_one_is_first()
    {
        var won = await Task.WhenAll(Enumerable.Range(0, 20).Select(silo => Task.Run(() =>
            Open().ChangeAsync(table => table.Insert(Row($"{silo}"), 0), CancellationToken.None))));

        Assert.Single(won, first => first);
        Assert.Equal(1, (await Open().ReadAsync(CancellationToken.None)).Version);
    }

    [Fact]
    public async Task Each_of_many_equal_changes_counts_once()
    {
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

    [Fact]
    public async Task Heartbeats_beside_changes_refuse_none()
    {
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

    [Fact]
    public async Task A_deleted_table_is_empty_and_can_be_deleted_again()
    {
        await Open().ChangeAsync(table => table.Insert(Row("a"), 0), CancellationToken.None);

        await Open().DeleteAsync(CancellationToken.None);
        await Open().DeleteAsync(CancellationToken.None);

        Assert.Equal(0, (await Open().ReadAsync(CancellationToken.None)).Version);
    }

    /// <summary>A store object of its own each time, as each silo has.</summary>
    private MembershipStore Open() => new(new FolderStore(_folder.FullName), MembershipStore.NameFor("tests"), TimeProvider.System);

    private static MembershipRow Row(string silo) =>
        new(silo, 0, MembershipRow.Active, $"name of {silo}", "host", 0, null, 0, 0, Noon, Noon, null);
}
