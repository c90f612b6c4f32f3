using System.Text;

namespace OrleansClean.Storage.Tests;

/// <summary>What every store promises. A store's own test class says how to make one and how to meddle with it.</summary>
public abstract class ObjectStoreContract
{
    protected static CancellationToken None => CancellationToken.None;

    protected abstract IObjectStore Store { get; }

    /// <summary>Writes behind the store's back.</summary>
    protected abstract void Meddle(string name, string content);

    /// <summary>Names of everything that lies in the store, staged data included.</summary>
    protected abstract IReadOnlyList<string> Everything();

    [Fact]
    public async Task What_is_staged_is_invisible_until_it_is_committed()
    {
        await using var staged = await Store.StageAsync(Name("a/x.csv"), None);
        staged.Content.Write("id\n1\n"u8);
        var etag = await staged.SealAsync(None);

        Assert.Null(await Store.FindAsync(Name("a/x.csv"), None));
        Assert.Empty((await Store.ListAsync(new ListScope(), None)).Objects);

        await staged.CommitAsync(Precondition.Absent, None);

        Assert.Equal(new StoredObject(Name("a/x.csv"), 5, etag), await Store.FindAsync(Name("a/x.csv"), None));
        Assert.Equal("id\n1\n", await ReadAsync("a/x.csv"));
    }

    [Fact]
    public async Task What_is_not_committed_leaves_nothing_behind()
    {
        await WriteAsync("x.csv", "old");
        var before = Everything();

        await using (var unsealed = await Store.StageAsync(Name("x.csv"), None))
        {
            unsealed.Content.Write("half"u8);
        }

        await using (var isSealed = await Store.StageAsync(Name("x.csv"), None))
        {
            isSealed.Content.Write("new"u8);
            await isSealed.SealAsync(None);
        }

        Assert.Equal(before, Everything());
        Assert.Equal("old", await ReadAsync("x.csv"));
    }

    [Fact]
    public async Task A_write_that_expects_nothing_does_not_replace_something()
    {
        await WriteAsync("x.csv", "theirs");
        await using var staged = await StageAsync("x.csv", "ours");

        var refused = await Assert.ThrowsAsync<StorageException>(async () => await staged.CommitAsync(Precondition.Absent, None));

        Assert.Equal(StorageFault.Conflict, refused.Fault);
        Assert.Equal("theirs", await ReadAsync("x.csv"));
    }

    [Fact]
    public async Task A_write_that_expects_one_content_does_not_replace_another()
    {
        await WriteAsync("x.csv", "first");
        var found = await Store.FindAsync(Name("x.csv"), None);
        Meddle("x.csv", "theirs, meanwhile");
        await using var staged = await StageAsync("x.csv", "ours");

        var refused = await Assert.ThrowsAsync<StorageException>(async () => await staged.CommitAsync(Precondition.AsFound(found), None));

        Assert.Equal(StorageFault.Conflict, refused.Fault);
        Assert.Equal("theirs, meanwhile", await ReadAsync("x.csv"));
    }

    [Fact]
    public async Task A_write_replaces_the_content_that_it_expects()
    {
        await WriteAsync("x.csv", "first");
        var found = await Store.FindAsync(Name("x.csv"), None);
        await using var staged = await StageAsync("x.csv", "second");

        await staged.CommitAsync(Precondition.AsFound(found), None);

        Assert.Equal("second", await ReadAsync("x.csv"));
        Assert.NotEqual(found!.ETag, (await Store.FindAsync(Name("x.csv"), None))!.ETag);
    }

    [Fact]
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

    [Fact]
    public async Task A_read_of_a_content_that_is_gone_is_refused()
    {
        await WriteAsync("x.csv", "first");
        var found = await Store.FindAsync(Name("x.csv"), None);
        Meddle("x.csv", "second, longer");

        var refused = await Assert.ThrowsAsync<StorageException>(async () => await Store.OpenReadAsync(Name("x.csv"), found!.ETag, None));

        Assert.Equal(StorageFault.Changed, refused.Fault);
    }

    [Fact]
    public async Task A_content_that_changes_while_it_is_read_is_noticed_at_the_end_at_the_latest()
    {
        await WriteAsync("x.csv", new string('a', 100_000));
        var found = await Store.FindAsync(Name("x.csv"), None);
        await using var content = await Store.OpenReadAsync(Name("x.csv"), found!.ETag, None);
        content.ReadExactly(new byte[1_000]);
        Meddle("x.csv", new string('b', 100_001));

        var refused = Assert.Throws<StorageException>(() => content.CopyTo(Stream.Null));

        Assert.Equal(StorageFault.Changed, refused.Fault);
    }

    [Fact]
    public async Task Deleting_needs_the_content_that_is_meant()
    {
        await WriteAsync("x.csv", "first");
        var first = (await Store.FindAsync(Name("x.csv"), None))!.ETag;
        Meddle("x.csv", "second, longer");

        Assert.False(await Store.DeleteAsync(Name("x.csv"), first, None));
        Assert.Equal("second, longer", await ReadAsync("x.csv"));

        Assert.True(await Store.DeleteAsync(Name("x.csv"), (await Store.FindAsync(Name("x.csv"), None))!.ETag, None));
        Assert.Null(await Store.FindAsync(Name("x.csv"), None));
        Assert.True(await Store.DeleteAsync(Name("x.csv"), first, None));
    }

    [Fact]
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
