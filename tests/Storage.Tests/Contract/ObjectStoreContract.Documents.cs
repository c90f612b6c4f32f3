namespace OrleansClean.Storage.Tests;

/// <summary>Small documents, compared and swapped.</summary>
public abstract partial class ObjectStoreContract
{
    [ContractFact]
    public async Task A_document_that_is_not_there_is_nothing()
    {
        Assert.Null(await Store.ReadDocumentAsync(Name("state/x.json"), None));
    }

    [ContractFact]
    public async Task A_document_is_written_read_and_replaced_with_its_tag()
    {
        var first = Assert.IsType<WriteResult.Written>(await WriteDocumentAsync("state/x.json", "one", Precondition.Absent));
        var read = await OtherProcess.ReadDocumentAsync(Name("state/x.json"), None);
        Assert.Equal(("one", first.ETag), (Text(read!.Content), read.ETag));

        var second = Assert.IsType<WriteResult.Written>(await WriteDocumentAsync("state/x.json", "two", Precondition.Matches(first.ETag)));

        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal("two", Text((await Store.ReadDocumentAsync(Name("state/x.json"), None))!.Content));
        Assert.Equal(second.ETag, (await Store.FindAsync(Name("state/x.json"), None))!.ETag);
    }

    [ContractFact]
    public async Task A_document_of_someone_else_is_a_conflict_and_stays()
    {
        var theirs = Assert.IsType<WriteResult.Written>(await WriteDocumentAsync("x.json", "theirs", Precondition.Absent));

        var absent = Assert.IsType<WriteResult.Conflict>(await WriteDocumentAsync("x.json", "ours", Precondition.Absent));
        var stale = Assert.IsType<WriteResult.Conflict>(await WriteDocumentAsync("x.json", "ours", Precondition.Matches(new ETag("0x123"))));

        Assert.Equal((theirs.ETag, theirs.ETag), (absent.Current!.ETag, stale.Current!.ETag));
        Assert.Equal("theirs", Text((await Store.ReadDocumentAsync(Name("x.json"), None))!.Content));
    }

    [ContractFact]
    public async Task A_document_that_should_be_replaced_and_is_gone_is_a_conflict_with_nothing()
    {
        Assert.Null(Assert.IsType<WriteResult.Conflict>(await WriteDocumentAsync("x.json", "ours", Precondition.Matches(new ETag("0x123")))).Current);
        Assert.Null(await Store.ReadDocumentAsync(Name("x.json"), None));
    }

    [ContractFact]
    public async Task Own_content_that_stands_there_already_counts_as_written()
    {
        var first = Assert.IsType<WriteResult.Written>(await WriteDocumentAsync("x.json", "ours", Precondition.Absent));

        Assert.Equal(first, await WriteDocumentAsync("x.json", "ours", Precondition.Absent));
    }

    [ContractFact]
    public async Task Writers_that_compare_and_swap_lose_no_update()
    {
        await WriteDocumentAsync("count.txt", "0", Precondition.Absent);
        var stores = new[] { Store, OtherProcess, OtherProcess };

        await Task.WhenAll(stores.Select((store, writer) => Task.Run(async () =>
        {
            for (var added = 0; added < 10;)
            {
                var read = await store.ReadDocumentAsync(Name("count.txt"), None);

                // The writer's name keeps two equal sums apart.
                var sum = int.Parse(Text(read!.Content).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) + 1;
                var written = await store.WriteDocumentAsync(Name("count.txt"), Bytes($"{sum} {writer}"), Precondition.Matches(read.ETag), None);
                added += written is WriteResult.Written ? 1 : 0;
            }
        })));

        Assert.StartsWith("30 ", Text((await Store.ReadDocumentAsync(Name("count.txt"), None))!.Content), StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task A_tag_never_comes_back_however_fast_one_writes()
    {
        var tags = new HashSet<ETag>();
        var precondition = Precondition.Absent;
        for (var i = 0; i < 60; i++)
        {
            var written = Assert.IsType<WriteResult.Written>(await WriteDocumentAsync("x.json", i % 2 == 0 ? "a" : "b", precondition));
            Assert.True(tags.Add(written.ETag), $"{written.ETag} came again at write {i}.");
            precondition = Precondition.Matches(written.ETag);
        }
    }

    [ContractFact]
    public async Task An_empty_document_is_a_document()
    {
        Assert.IsType<WriteResult.Written>(await WriteDocumentAsync("x.json", "", Precondition.Absent));

        Assert.Equal(0, (await Store.ReadDocumentAsync(Name("x.json"), None))!.Content.Length);
    }

    [ContractFact]
    public async Task Documents_of_the_state_are_listed_by_their_folder_and_not_from_outside()
    {
        await WriteDocumentAsync(".orleansclean/open/b1.json", "x", Precondition.Absent);
        await WriteDocumentAsync(".orleansclean/open/b2.json", "y", Precondition.Absent);

        Assert.Empty((await Store.ListAsync(new ListScope(IncludeHidden: true), None)).Objects);
        Assert.Equal(
            [".orleansclean/open/b1.json", ".orleansclean/open/b2.json"],
            (await Store.ListAsync(new ListScope(".orleansclean/open"), None)).Objects.Select(o => o.Name.Value));
        Assert.Equal(2, (await Store.ListAsync(new ListScope(".orleansclean"), None)).Objects.Count);
    }

    protected static string Text(ReadOnlyMemory<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes.Span);

    protected static ReadOnlyMemory<byte> Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    protected async Task<WriteResult> WriteDocumentAsync(string name, string text, Precondition precondition) =>
        await Store.WriteDocumentAsync(Name(name), Bytes(text), precondition, None);
}
