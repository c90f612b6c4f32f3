using System.Text;
using OrleansClean.Storage.Blobs;
using OrleansClean.Storage.Memory;

namespace OrleansClean.Storage.Tests.Memory;

public sealed class MemoryStoreTests : ObjectStoreContract
{
    private readonly VirtualClock _clock = new();
    private readonly MemoryStore _store;

    public MemoryStoreTests() => _store = new MemoryStore(_clock, blockBytes: 64 << 10);

    protected override IObjectStore Store => _store;

    protected override IObjectStore OtherProcess => _store;

    protected override async Task MeddleAsync(string name, string content)
    {
        var found = await _store.FindAsync(Name(name), None);
        Assert.IsType<WriteResult.Written>(await _store.WriteDocumentAsync(Name(name), Encoding.UTF8.GetBytes(content), Precondition.AsFound(found), None));
    }

    protected override async Task<IReadOnlyList<string>> EverythingAsync() =>
        [.. (await _store.ListAsync(new ListScope(), None)).Objects.Select(o => o.ToString())];

    [Fact]
    public async Task Blocks_that_wait_for_a_week_are_gone()
    {
        var staged = await SealAsync("x.csv", 1, "slow");
        _clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.Equal(1, _store.WaitingBlocks(Name("x.csv")));

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.IsType<CommitResult.StageLost>(await Store.CommitAsync(staged, Precondition.Absent, new CommitId("c"), None));
        Assert.Null(await Store.FindAsync(Name("x.csv"), None));
    }

    [Fact]
    public async Task A_commit_drops_all_other_blocks_that_wait_under_its_name()
    {
        var first = await SealAsync("x.csv", 1, "first");
        var second = await SealAsync("x.csv", 2, "second");
        var published = Assert.IsType<CommitResult.Published>(await Store.CommitAsync(first, Precondition.Absent, new CommitId("c1"), None));

        Assert.Equal(0, _store.WaitingBlocks(Name("x.csv")));
        Assert.IsType<CommitResult.StageLost>(await Store.CommitAsync(second, Precondition.Matches(published.ETag), new CommitId("c2"), None));
        Assert.Equal("first", await ReadAsync("x.csv"));
    }

    [Fact]
    public async Task Leftovers_with_longer_ids_set_the_length_of_ours()
    {
        _store.PutBlock(Name("x.csv"), Convert.ToBase64String(new byte[48]), "other"u8);

        var staged = await SealAsync("x.csv", 1, "ours");

        Assert.IsType<CommitResult.Published>(await Store.CommitAsync(staged, Precondition.Absent, new CommitId("c"), None));
        Assert.Equal("ours", await ReadAsync("x.csv"));
    }

    [Fact]
    public async Task Leftovers_with_shorter_ids_are_a_clear_refusal_until_they_expire()
    {
        _store.PutBlock(Name("x.csv"), Convert.ToBase64String("0001"u8), "other"u8);

        var refused = await Assert.ThrowsAsync<StorageException>(() => SealAsync("x.csv", 1, "ours"));
        Assert.Equal((StorageFault.Blocked, false), (refused.Fault, refused.IsTransient));

        _clock.Advance(TimeSpan.FromDays(7));
        await SealAsync("x.csv", 1, "ours");
    }

    [Fact]
    public async Task A_log_takes_fifty_thousand_appends()
    {
        for (var i = 0; i < 50_000; i++)
        {
            await AppendAsync("j/1", i * 2, "x\n");
        }

        var refused = await Assert.ThrowsAsync<StorageException>(() => AppendAsync("j/1", 100_000, "x\n"));

        Assert.Equal(StorageFault.Full, refused.Fault);
        Assert.Equal(100_000, (await Store.FindAsync(Name("j/1"), None))!.Bytes);
    }

    [Fact]
    public async Task An_object_has_at_most_fifty_thousand_blocks()
    {
        var store = new MemoryStore(_clock, blockBytes: 1);
        Assert.Equal(10_000 + (20_000 * 4) + (20_000 * 16), store.Limits.ObjectBytesMax);
        await using var staging = await store.StageAsync(Name("x.csv"), Stage(1), None);
        staging.Content.Write(new byte[store.Limits.ObjectBytesMax]);

        var refused = Assert.Throws<StorageException>(() => staging.Content.WriteByte(0));

        Assert.Equal(StorageFault.TooLarge, refused.Fault);
        var sealedContent = await staging.SealAsync(None);
        Assert.IsType<CommitResult.Published>(await store.CommitAsync(sealedContent, Precondition.Absent, new CommitId("c"), None));
    }

    [Fact]
    public void Block_ids_have_one_length_whatever_they_count_and_fit_the_service()
    {
        var ids = BlockIds.New(StageId.Of("b", int.MaxValue, ushort.MaxValue));

        Assert.Equal(BlockIds.BytesUsed, Convert.FromBase64String(ids[0]).Length);
        Assert.Equal(ids[0].Length, ids[BlockIds.CountMax - 1].Length);
        Assert.InRange(BlockIds.BytesUsed, 1, BlockIds.BytesMax);
        Assert.NotEqual(ids[0], BlockIds.New(ids.Stage)[0]);
    }
}
