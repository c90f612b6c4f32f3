namespace OrleansClean.Storage.Tests;

/// <summary>Logs that only grow, and only where their writer believes them to end.</summary>
public abstract partial class ObjectStoreContract
{
    [ContractFact]
    public async Task A_log_that_is_not_there_is_nothing_and_has_no_length()
    {
        Assert.Null(await Store.ReadLogAsync(Name("j/1"), 0, None));
        Assert.Equal(new AppendResult.Refused(0), await AppendAsync("j/1", 5, "x\n"));
        Assert.Null(await Store.ReadLogAsync(Name("j/1"), 0, None));
    }

    [ContractFact]
    public async Task A_log_grows_by_appends_at_its_end_and_is_read_from_any_position()
    {
        Assert.Equal(new AppendResult.Appended(4), await AppendAsync("j/1", 0, "one\n"));
        Assert.Equal(new AppendResult.Appended(14), await AppendAsync("j/1", 4, "two\nthree\n"));

        Assert.Equal("one\ntwo\nthree\n", await ReadLogAsync("j/1", 0));
        Assert.Equal("three\n", await ReadLogAsync("j/1", 8));
        Assert.Equal("", await ReadLogAsync("j/1", 14));
        Assert.Equal(14, (await Store.FindAsync(Name("j/1"), None))!.Bytes);
    }

    [ContractFact]
    public async Task An_append_at_another_position_is_refused_and_told_the_length()
    {
        await AppendAsync("j/1", 0, "one\n");

        Assert.Equal(new AppendResult.Refused(4), await AppendAsync("j/1", 0, "zombie\n"));
        Assert.Equal(new AppendResult.Refused(4), await AppendAsync("j/1", 9, "future\n"));
        Assert.Equal("one\n", await ReadLogAsync("j/1", 0));
    }

    [ContractFact]
    public async Task A_new_coordinator_fences_the_old_one_by_appending_first()
    {
        await AppendAsync("j/1", 0, "opened 1\n");
        Assert.Equal(new AppendResult.Appended(18), await OtherProcess.AppendAsync(Name("j/1"), 9, Bytes("opened 2\n"), None));

        Assert.Equal(new AppendResult.Refused(18), await AppendAsync("j/1", 9, "taken 1\n"));

        Assert.Equal("opened 2\n", await ReadLogAsync("j/1", 9));
    }

    [ContractFact]
    public async Task Of_two_that_append_at_one_position_exactly_one_does()
    {
        var stores = new[] { Store, OtherProcess };
        var position = 0L;
        for (var round = 0; round < 10; round++)
        {
            var at = position;
            var results = await Task.WhenAll(stores.Select((store, i) => Task.Run(async () =>
                await store.AppendAsync(Name("j/1"), at, Bytes($"{round} writer {i}\n"), None))));

            Assert.Single(results, r => r is AppendResult.Refused);
            position = Assert.Single(results.OfType<AppendResult.Appended>()).Length;
        }

        Assert.Equal(10, (await ReadLogAsync("j/1", 0)).Count(c => c == '\n'));
    }

    [ContractFact]
    public async Task A_log_longer_than_one_read_is_read_on()
    {
        var line = new string('x', Store.Limits.LogAppendBytesMax - 1) + "\n";
        var appends = (Store.Limits.LogReadBytesMax / line.Length) + 2;
        for (var i = 0; i < appends; i++)
        {
            Assert.IsType<AppendResult.Appended>(await AppendAsync("j/1", (long)i * line.Length, line));
        }

        var position = 0L;
        while (await Store.ReadLogAsync(Name("j/1"), position, None) is { Length: > 0 } part)
        {
            Assert.Equal((byte)'\n', part.Span[^1]);
            position += part.Length;
        }

        Assert.Equal((long)appends * line.Length, position);
    }

    [ContractFact]
    public async Task An_append_that_is_too_large_is_refused_before_it_is_sent()
    {
        var refused = await Assert.ThrowsAsync<StorageException>(async () => await AppendAsync("j/1", 0, new string('x', Store.Limits.LogAppendBytesMax) + "\n"));

        Assert.Equal(StorageFault.TooLarge, refused.Fault);
        Assert.Null(await Store.ReadLogAsync(Name("j/1"), 0, None));
    }

    [ContractTheory]
    [InlineData("")]
    [InlineData("half a line")]
    public async Task An_append_ends_a_line(string text)
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await AppendAsync("j/1", 0, text));
    }

    protected async Task<AppendResult> AppendAsync(string name, long position, string text) =>
        await Store.AppendAsync(Name(name), position, Bytes(text), None);

    protected async Task<string> ReadLogAsync(string name, long position) => Text((await Store.ReadLogAsync(Name(name), position, None))!.Value);
}
