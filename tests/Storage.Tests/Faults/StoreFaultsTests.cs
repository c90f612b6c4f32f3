using OrleansClean.Storage.Faults;
using OrleansClean.Storage.Memory;

namespace OrleansClean.Storage.Tests.Faults;

/// <summary>Without a plan for faults a store with faults is a store.</summary>
public sealed class StoreFaultsTests : ObjectStoreContract
{
    private readonly MemoryStore _inner = new(new VirtualClock());
    private readonly StoreFaults _store;
    private Func<StoreCall, StoreFaultKind?> _plan = _ => null;

    public StoreFaultsTests() => _store = new StoreFaults(_inner, call => _plan(call));

    protected override IObjectStore Store => _store;

    protected override IObjectStore OtherProcess => _inner;

    [Fact]
    public async Task A_commit_that_was_not_carried_out_is_unknown_and_the_same_intent_sent_again_publishes()
    {
        var staged = await SealAsync("x.csv", 1, "ours");

        Assert.IsType<CommitResult.Unknown>(await FaultyCommitAsync(StoreFaultKind.Before, staged));
        Assert.Null(await _inner.FindAsync(Name("x.csv"), None));
        Assert.IsType<CommitResult.Published>(await CommitAsync(staged));
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_unknown_and_the_same_intent_sent_again_was_published()
    {
        var staged = await SealAsync("x.csv", 1, "ours");

        Assert.IsType<CommitResult.Unknown>(await FaultyCommitAsync(StoreFaultKind.After, staged));
        var once = await _inner.FindAsync(Name("x.csv"), None);

        Assert.Equal(new CommitResult.Published(once!.ETag), await CommitAsync(staged));
    }

    [Theory]
    [InlineData(StoreFaultKind.Conflict)]
    [InlineData(StoreFaultKind.PreconditionFailed)]
    public async Task A_refusal_is_decided_by_looking(StoreFaultKind kind)
    {
        var staged = await SealAsync("x.csv", 1, "ours");
        Assert.IsType<CommitResult.Unknown>(await FaultyCommitAsync(kind, staged));

        await MeddleAsync("x.csv", "theirs");
        Assert.IsType<CommitResult.Conflict>(await FaultyCommitAsync(kind, staged));
    }

    [Fact]
    public async Task A_commit_that_lands_after_another_attempt_s_is_rejected_by_its_precondition()
    {
        var late = await SealAsync("x.csv", 1, "late");
        Assert.IsType<CommitResult.Unknown>(await FaultyCommitAsync(StoreFaultKind.Late, late));
        var good = await SealAsync("x.csv", 2, "good");
        Assert.IsType<CommitResult.Published>(await Store.CommitAsync(good, Precondition.Absent, new CommitId("c2"), None));

        Assert.Equal(1, await _store.LandAsync());

        Assert.Equal("good", await ReadAsync("x.csv"));
    }

    [Fact]
    public async Task An_append_that_lands_late_is_rejected_by_its_position_or_found_by_reading_back()
    {
        _plan = call => call.Operation is StoreOperation.Append ? StoreFaultKind.Late : null;
        Assert.IsType<AppendResult.Unknown>(await AppendAsync("j/1", 0, "ours\n"));
        Assert.Null(await Store.ReadLogAsync(Name("j/1"), 0, None));

        await _store.LandAsync();

        Assert.Equal("ours\n", await ReadLogAsync("j/1", 0));
        _plan = _ => null;
        Assert.Equal(new AppendResult.Refused(5), await AppendAsync("j/1", 0, "ours\n"));
    }

    [Fact]
    public async Task A_call_that_hangs_goes_on_when_it_is_released_and_ends_with_its_caller()
    {
        _plan = call => call.Operation is StoreOperation.Find ? StoreFaultKind.Hang : null;
        using var cancel = new CancellationTokenSource();
        var given = Store.FindAsync(Name("x.csv"), cancel.Token).AsTask();
        var waiting = Store.FindAsync(Name("x.csv"), None).AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.False(waiting.IsCompleted);

        _store.Release();
        Assert.Null(await waiting);
    }

    [Fact]
    public async Task A_body_that_ends_too_early_is_an_error_and_not_a_short_content()
    {
        await WriteAsync("x.csv", new string('a', 1_000));
        var found = await Store.FindAsync(Name("x.csv"), None);
        _plan = call => call.Operation is StoreOperation.Read ? StoreFaultKind.ShortBody : null;
        await using var content = await Store.OpenReadAsync(Name("x.csv"), found!.ETag, None);

        var broken = Assert.Throws<StorageException>(() => content.CopyTo(Stream.Null));

        Assert.True(broken.IsTransient);
    }

    [Theory]
    [InlineData(StoreFaultKind.TooManyRequests)]
    [InlineData(StoreFaultKind.Unavailable)]
    public async Task A_pause_that_is_asked_for_is_told(StoreFaultKind kind)
    {
        _plan = _ => kind;

        var refused = await Assert.ThrowsAsync<StorageException>(async () => await Store.ListAsync(new ListScope(), None));

        Assert.Equal((StorageFault.Throttled, true), (refused.Fault, refused.IsTransient));
    }

    [Fact]
    public async Task Every_call_is_in_the_log()
    {
        await WriteAsync("x.csv", "x");
        await AppendAsync("j/1", 0, "x\n");

        Assert.Equal(["1 Stage x.csv", "2 Seal x.csv", "3 Find x.csv", "4 Commit x.csv", "5 Append j/1"], _store.Calls.Select(c => c.ToString()));
    }

    protected override async Task MeddleAsync(string name, string content) => Assert.IsType<WriteResult.Written>(
        await _inner.WriteDocumentAsync(Name(name), Bytes(content), Precondition.AsFound(await _inner.FindAsync(Name(name), None)), None));

    protected override async Task<IReadOnlyList<string>> EverythingAsync() =>
        [.. (await _inner.ListAsync(new ListScope(), None)).Objects.Select(o => o.ToString())];

    private async Task<CommitResult> FaultyCommitAsync(StoreFaultKind kind, StagedReference staged)
    {
        _plan = call => call.Operation is StoreOperation.Commit ? kind : null;
        var result = await CommitAsync(staged);
        _plan = _ => null;
        return result;
    }

    private async Task<CommitResult> CommitAsync(StagedReference staged) =>
        await Store.CommitAsync(staged, Precondition.Absent, new CommitId("c1"), None);
}
