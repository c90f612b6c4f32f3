using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using OrleansClean.Storage.Blobs;
using OrleansClean.Storage.Tests;

namespace OrleansClean.Storage.AzureBlobs.Tests;

[Collection(AzuriteGroup.Name)]
public sealed class AzureBlobStoreTests(Azurite azurite) : ObjectStoreContract, IAsyncLifetime
{
    private const string Prefix = "tenant-a/work";
    private readonly string _container = $"c{Guid.NewGuid():n}";

    protected override IObjectStore Store => BlobStore;

    protected override IObjectStore OtherProcess => Open(azurite.ConnectionString);

    private AzureBlobStore BlobStore => field ??= Open(azurite.ConnectionString);

    private BlobContainerClient Container => field ??= new BlobContainerClient(azurite.ConnectionString, _container);

    public Task InitializeAsync() => Azurite.WhyNot is null ? BlobStore.PrepareAsync(None).AsTask() : Task.CompletedTask;

    public Task DisposeAsync() => Azurite.WhyNot is null ? Container.DeleteIfExistsAsync() : Task.CompletedTask;

    protected override Task MeddleAsync(string name, string content) =>
        Container.GetBlobClient($"{Prefix}/{name}").UploadAsync(new BinaryData(content), overwrite: true);

    protected override async Task<IReadOnlyList<string>> EverythingAsync() =>
        [.. (await Store.ListAsync(new ListScope(IncludeHidden: true), None)).Objects.Select(o => o.ToString())];

    [ContractFact]
    public async Task What_is_committed_carries_its_commit_and_its_stage()
    {
        var staged = await SealAsync("x.csv", 3, "ours");
        await Store.CommitAsync(staged, Precondition.Absent, new CommitId("batch-1.7.3"), None);

        var metadata = (await Container.GetBlobClient($"{Prefix}/x.csv").GetPropertiesAsync()).Value.Metadata;

        Assert.Equal("batch-1.7.3", metadata["commitid"]);
        Assert.Equal(Stage(3).ToString(), metadata["stage"]);
    }

    [ContractFact]
    public async Task Content_whose_blocks_another_commit_dropped_is_lost()
    {
        var first = await SealAsync("x.csv", 1, "first");
        var second = await SealAsync("x.csv", 2, "second");
        var published = Assert.IsType<CommitResult.Published>(await Store.CommitAsync(first, Precondition.Absent, new CommitId("c1"), None));

        Assert.IsType<CommitResult.StageLost>(await Store.CommitAsync(second, Precondition.Matches(published.ETag), new CommitId("c2"), None));
        Assert.Equal("first", await ReadAsync("x.csv"));
    }

    [ContractFact]
    public async Task Leftovers_with_longer_ids_set_the_length_of_ours()
    {
        await StageForeignBlockAsync("x.csv", 48);

        var staged = await SealAsync("x.csv", 1, "ours");

        Assert.IsType<CommitResult.Published>(await OtherProcess.CommitAsync(staged, Precondition.Absent, new CommitId("c"), None));
        Assert.Equal("ours", await ReadAsync("x.csv"));
    }

    [ContractFact]
    public async Task Leftovers_with_shorter_ids_are_a_clear_refusal()
    {
        await StageForeignBlockAsync("x.csv", 4);

        var refused = await Assert.ThrowsAsync<StorageException>(() => SealAsync("x.csv", 1, "ours"));

        Assert.Equal((StorageFault.Blocked, false), (refused.Fault, refused.IsTransient));
        Assert.Contains("another program", refused.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task A_listing_goes_through_all_pages_and_stays_in_its_prefix()
    {
        for (var i = 0; i < 7; i++)
        {
            await MeddleAsync($"{i}.csv", "x");
        }

        await Container.GetBlobClient("tenant-a/workshop/x.csv").UploadAsync(new BinaryData("theirs"));
        await Container.GetBlobClient("tenant-b/x.csv").UploadAsync(new BinaryData("theirs"));
        var paged = Open(azurite.ConnectionString, new AzureBlobOptions { ListPageSize = 3 });

        foreach (var scope in new[] { new ListScope(), new ListScope(DepthMax: 1) })
        {
            Assert.Equal(Enumerable.Range(0, 7).Select(i => $"{i}.csv"), (await paged.ListAsync(scope, None)).Objects.Select(o => o.Name.Value));
        }
    }

    [ContractFact]
    public async Task A_blob_whose_name_is_no_name_is_refused_in_the_listing()
    {
        await MeddleAsync("good.csv", "x");
        await MeddleAsync("a//b.csv", "x");
        await MeddleAsync("line\nbreak.csv", "x");

        var listing = await Store.ListAsync(new ListScope(), None);

        Assert.Equal("good.csv", Assert.Single(listing.Objects).Name.Value);
        Assert.Equal(2, listing.Refused.Count);
    }

    [ContractFact]
    public async Task A_container_that_does_not_exist_is_named()
    {
        var nowhere = new AzureBlobStore(BlobConnection.Parse(azurite.ConnectionString), "nowhere", "", new AzureBlobOptions());

        var refused = await Assert.ThrowsAsync<StorageException>(async () => await nowhere.ListAsync(new ListScope(), None));

        Assert.Equal(StorageFault.Missing, refused.Fault);
        Assert.Contains("container does not exist", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Key", refused.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task A_small_file_costs_three_calls_to_read_and_publish()
    {
        await MeddleAsync("in.csv", "id\n1\n");
        var found = Assert.Single((await Store.ListAsync(new ListScope(), None)).Objects);
        var before = Store.Operations;

        await using (var content = await Store.OpenReadAsync(found.Name, found.ETag, None))
        {
            await content.CopyToAsync(Stream.Null, None);
        }

        await Store.CommitAsync(await SealAsync("out.csv", 1, "id\n1\n"), Precondition.Absent, new CommitId("c"), None);

        Assert.Equal(3, Store.Operations - before);
    }

    private AzureBlobStore Open(string connection, AzureBlobOptions? options = null) => new(
        BlobConnection.Parse(connection),
        _container,
        Prefix,
        options ?? new AzureBlobOptions { BlockBytes = 256 << 10, ReadBytes = 100_000 });

    private async Task StageForeignBlockAsync(string name, int idBytes)
    {
        Assert.NotEqual(BlockIds.BytesUsed, idBytes);
        using var body = new MemoryStream("foreign"u8.ToArray());
        await Container.GetBlockBlobClient($"{Prefix}/{name}").StageBlockAsync(Convert.ToBase64String(new byte[idBytes]), body);
    }
}
