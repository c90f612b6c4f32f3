using System.Text;

namespace OrleansClean.Storage.Tests;

/// <summary>What every store promises. A store's own test class says how to make one and how to meddle with it.</summary>
public abstract partial class ObjectStoreContract
{
    protected static CancellationToken None => CancellationToken.None;

    protected abstract IObjectStore Store { get; }

    /// <summary>The same store as another process sees it.</summary>
    protected abstract IObjectStore OtherProcess { get; }

    /// <summary>Writes behind the store's back.</summary>
    protected abstract Task MeddleAsync(string name, string content);

    /// <summary>Names of everything that lies in the store, staged data included where it can be removed.</summary>
    protected abstract Task<IReadOnlyList<string>> EverythingAsync();

    [ContractFact]
    public async Task What_is_staged_is_invisible_until_it_is_committed()
    {
        await using var staged = await Store.StageAsync(Name("a/x.csv"), None);
        staged.Content.Write("id\n1\n"u8);
        await staged.SealAsync(None);

        Assert.Null(await Store.FindAsync(Name("a/x.csv"), None));
        Assert.Empty((await Store.ListAsync(new ListScope(), None)).Objects);

        await staged.CommitAsync(Precondition.Absent, None);

        var found = await Store.FindAsync(Name("a/x.csv"), None);
        Assert.Equal(5, found!.Bytes);
        Assert.Equal(found, Assert.Single((await Store.ListAsync(new ListScope(), None)).Objects));
        Assert.Equal("id\n1\n", await ReadAsync("a/x.csv"));
    }

    [ContractFact]
    public async Task What_is_not_committed_leaves_nothing_behind()
    {
        await WriteAsync("x.csv", "old");
        var before = await EverythingAsync();

        await using (var unsealed = await Store.StageAsync(Name("x.csv"), None))
        {
            unsealed.Content.Write("half"u8);
        }

        await using (var isSealed = await Store.StageAsync(Name("x.csv"), None))
        {
            isSealed.Content.Write("new"u8);
            await isSealed.SealAsync(None);
        }

        Assert.Equal(before, await EverythingAsync());
        Assert.Equal("old", await ReadAsync("x.csv"));
    }

    [ContractFact]
    public async Task A_write_that_expects_nothing_does_not_replace_something()
    {
        await WriteAsync("x.csv", "theirs");
        await using var staged = await StageAsync("x.csv", "ours");

        var refused = await Assert.ThrowsAsync<StorageException>(async () => await staged.CommitAsync(Precondition.Absent, None));

        Assert.Equal(StorageFault.Conflict, refused.Fault);
        Assert.Equal("theirs", await ReadAsync("x.csv"));
    }

    [ContractFact]
    public async Task A_write_that_expects_one_content_does_not_replace_another()
    {
        await WriteAsync("x.csv", "first");
        var found = await Store.FindAsync(Name("x.csv"), None);
        await MeddleAsync("x.csv", "theirs, meanwhile");
        await using var staged = await StageAsync("x.csv", "ours");

        var refused = await Assert.ThrowsAsync<StorageException>(async () => await staged.CommitAsync(Precondition.AsFound(found), None));

        Assert.Equal(StorageFault.Conflict, refused.Fault);
        Assert.Equal("theirs, meanwhile", await ReadAsync("x.csv"));
    }

    [ContractFact]
    public async Task A_write_replaces_the_content_that_it_expects()
    {
        await WriteAsync("x.csv", "first");
        var found = await Store.FindAsync(Name("x.csv"), None);
        await using var staged = await StageAsync("x.csv", "second");

        await staged.CommitAsync(Precondition.AsFound(found), None);

        Assert.Equal("second", await ReadAsync("x.csv"));
        Assert.NotEqual(found!.ETag, (await Store.FindAsync(Name("x.csv"), None))!.ETag);
    }

    [ContractFact]
    public async Task A_listing_is_in_the_order_of_names_and_goes_as_deep_as_asked()
    {
        foreach (var name in new[] { "b.csv", "a/z.csv", "a.csv", "a/deep/y.csv", "B.csv" })
        {
            await WriteAsync(name, name);
        }

        Assert.Equal(["B.csv", "a.csv", "a/deep/y.csv", "a/z.csv", "b.csv"], await ListAsync(new ListScope()));
        Assert.Equal(["B.csv", "a.csv", "b.csv"], await ListAsync(new ListScope(DepthMax: 1)));
        Assert.Equal(["a/deep/y.csv", "a/z.csv"], await ListAsync(new ListScope("a")));
        Assert.Equal(["a/z.csv"], await ListAsync(new ListScope("a", 1)));
        Assert.Equal(["a.csv"], await ListAsync(new ListScope(Accept: name => name is "a.csv")));
        Assert.Empty(await ListAsync(new ListScope("nowhere")));
    }

    [ContractFact]
    public async Task A_read_of_a_content_that_is_gone_is_refused()
    {
        await WriteAsync("x.csv", "first");
        var found = await Store.FindAsync(Name("x.csv"), None);
        await MeddleAsync("x.csv", "second, longer");

        var refused = await Assert.ThrowsAsync<StorageException>(async () => await Store.OpenReadAsync(Name("x.csv"), found!.ETag, None));

        Assert.Equal(StorageFault.Changed, refused.Fault);
    }

    [ContractFact]
    public async Task A_content_that_changes_while_it_is_read_is_read_to_its_own_end_or_refused()
    {
        await WriteAsync("x.csv", new string('a', 300_000));
        var found = await Store.FindAsync(Name("x.csv"), None);
        await using var content = await Store.OpenReadAsync(Name("x.csv"), found!.ETag, None);
        content.ReadExactly(new byte[1_000]);
        await MeddleAsync("x.csv", new string('b', 300_001));
        using var read = new MemoryStream();

        var refused = Record.Exception(() => content.CopyTo(read));

        Assert.DoesNotContain((byte)'b', read.ToArray().AsSpan(0, refused is null ? (int)read.Length : 0).ToArray());
        Assert.Equal(refused is null ? 299_000 : read.Length, read.Length);
        Assert.True(refused is null or StorageException { Fault: StorageFault.Changed }, refused?.ToString());
    }

    [ContractTheory]
    [InlineData(0, 4, "0123")]
    [InlineData(3, 4, "3456")]
    [InlineData(8, 100, "89")]
    [InlineData(8, long.MaxValue, "89")]
    [InlineData(10, 1, "")]
    [InlineData(20, 1, "")]
    public async Task A_part_of_a_content_can_be_read(long start, long length, string expected)
    {
        await WriteAsync("x.csv", "0123456789");
        var found = await Store.FindAsync(Name("x.csv"), None);

        await using var part = await Store.OpenReadAsync(Name("x.csv"), found!.ETag, new ByteRange(start, length), None);
        using var reader = new StreamReader(part);

        Assert.Equal(expected, await reader.ReadToEndAsync(None));
    }

    [ContractFact]
    public async Task A_part_of_a_content_that_is_gone_is_refused()
    {
        await WriteAsync("x.csv", "0123456789");
        var found = await Store.FindAsync(Name("x.csv"), None);
        await MeddleAsync("x.csv", "another one");

        var refused = await Assert.ThrowsAsync<StorageException>(async () => await Store.OpenReadAsync(Name("x.csv"), found!.ETag, new ByteRange(2, 3), None));

        Assert.Equal(StorageFault.Changed, refused.Fault);
    }

    [ContractFact]
    public async Task An_empty_content_is_a_content()
    {
        await WriteAsync("x.csv", "");

        Assert.Equal(0, (await Store.FindAsync(Name("x.csv"), None))!.Bytes);
        Assert.Equal("", await ReadAsync("x.csv"));
    }

    [ContractFact]
    public async Task A_content_of_many_blocks_and_requests_comes_back_as_it_was_written()
    {
        var content = new byte[1_000_003];
        new Random(20_261_122).NextBytes(content);
        await using var staged = await Store.StageAsync(Name("big.bin"), None);
        foreach (var part in content.Chunk(70_001))
        {
            staged.Content.Write(part);
        }

        await staged.SealAsync(None);
        await staged.CommitAsync(Precondition.Absent, None);

        var found = await Store.FindAsync(Name("big.bin"), None);
        await using var read = await Store.OpenReadAsync(Name("big.bin"), found!.ETag, None);
        using var copy = new MemoryStream();
        await read.CopyToAsync(copy, None);
        Assert.Equal(content, copy.ToArray());
    }

    [ContractTheory]
    [InlineData("a b+c&d=e;f,g.csv")]
    [InlineData("100%.csv")]
    [InlineData("q?x=1#frag.csv")]
    [InlineData("ünïcödé/表 💡.csv")]
    [InlineData("@x.csv")]
    [InlineData("..a.csv")]
    public async Task Names_with_characters_that_mean_something_elsewhere_mean_nothing_here(string name)
    {
        await WriteAsync(name, "x");

        Assert.Equal("x", await ReadAsync(name));
        Assert.Equal(name, Assert.Single((await Store.ListAsync(new ListScope(), None)).Objects).Name.Value);
    }

    [ContractFact]
    public async Task Deleting_needs_the_content_that_is_meant()
    {
        await WriteAsync("x.csv", "first");
        var first = (await Store.FindAsync(Name("x.csv"), None))!.ETag;
        await MeddleAsync("x.csv", "second, longer");

        Assert.False(await Store.DeleteAsync(Name("x.csv"), first, None));
        Assert.Equal("second, longer", await ReadAsync("x.csv"));

        Assert.True(await Store.DeleteAsync(Name("x.csv"), (await Store.FindAsync(Name("x.csv"), None))!.ETag, None));
        Assert.Null(await Store.FindAsync(Name("x.csv"), None));
        Assert.True(await Store.DeleteAsync(Name("x.csv"), first, None));
    }

    [ContractFact]
    public async Task Of_many_writers_that_expect_nothing_exactly_one_wins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            await using var staged = await StageAsync("x.csv", $"writer {writer}");
            try
            {
                await staged.CommitAsync(Precondition.Absent, None);
                return $"writer {writer}";
            }
            catch (StorageException)
            {
                return null;
            }
        })));

        Assert.Equal(await ReadAsync("x.csv"), Assert.Single(outcomes, o => o is not null));
    }

    protected static ObjectName Name(string text) => ObjectName.Parse(text);

    protected async Task<string> ReadAsync(string name)
    {
        var found = await Store.FindAsync(Name(name), None);
        await using var content = await Store.OpenReadAsync(Name(name), found!.ETag, None);
        using var reader = new StreamReader(content);
        return await reader.ReadToEndAsync(None);
    }

    protected async Task WriteAsync(string name, string text)
    {
        await using var staged = await StageAsync(name, text);
        await staged.CommitAsync(Precondition.AsFound(await Store.FindAsync(Name(name), None)), None);
    }

    protected async Task<IStagedObject> StageAsync(string name, string text)
    {
        var staged = await Store.StageAsync(Name(name), None);
        staged.Content.Write(Encoding.UTF8.GetBytes(text));
        await staged.SealAsync(None);
        return staged;
    }

    private async Task<IEnumerable<string>> ListAsync(ListScope scope) =>
        (await Store.ListAsync(scope, None)).Objects.Select(o => o.Name.Value);
}
