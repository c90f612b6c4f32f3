using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using OrleansClean.Storage.Blobs;
using OrleansClean.Storage.Memory;
using OrleansClean.Storage.Tests;

namespace OrleansClean.Storage.AzureBlobs.Tests;

/// <summary>No name leads out of its container and prefix; the service is asked where each one really went.</summary>
[Collection(AzuriteGroup.Name)]
public sealed class HostileNamesTests(Azurite azurite)
{
    private static readonly string[] Parts =
        ["..", ".", "%2e%2e", "%2E%2E", ".%2e", "%2e.", "%252e%252e", "%2e", "..%2f..", "..%5c..", "a%2fb", "a%00b", "x.", "x%2e", "...", ". .", "%", "%zz", "~", "a:b", "CON", "nul.csv"];

    public static TheoryData<string> Names
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (var part in Parts)
            {
                foreach (var name in new[] { part, $"{part}/evil.csv", $"a/{part}/evil.csv", $"a/{part}", $"{part}/{part}/{part}/evil.csv", $"a/b/{part}/{part}/evil.csv", $"/{part}", $"{part}/" })
                {
                    names.Add(name);
                }
            }

            foreach (var name in new[] { @"..\evil.csv", @"a\b.csv", "http://169.254.169.254/x", "//evil/x", "a//b", "a\nb", "a?comp=list", "a?restype=container#x", "a#b", "a;b", "a&b=c", "\u202Evsc.x", "ａ／．．／b", "a\u2024\u2024/x" })
            {
                names.Add(name);
            }

            return names;
        }
    }

    [ContractTheory]
    [MemberData(nameof(Names))]
    public async Task A_name_is_refused_or_written_exactly_where_it_says(string text)
    {
        var container = $"h{Guid.NewGuid():n}";
        var service = new BlobServiceClient(azurite.ConnectionString);
        await service.CreateBlobContainerAsync(container);
        var store = new AzureBlobStore(BlobConnection.Parse(azurite.ConnectionString), container, "tenant-a/data", new AzureBlobOptions());
        var others = await CountOthersAsync(service, container);

        var wasWritten = await TryWriteAsync(store, text);

        List<string> there = [];
        await foreach (var blob in service.GetBlobContainerClient(container).GetBlobsAsync())
        {
            there.Add(blob.Name);
        }

        Assert.Equal(ObjectName.TryParse(text, out var name, out _) && Record.Exception(() => BlobNames.Check(name)) is null, wasWritten);
        Assert.Equal(wasWritten ? [$"tenant-a/data/{text}"] : [], there);
        Assert.Equal(others, await CountOthersAsync(service, container));
        await service.DeleteBlobContainerAsync(container);
    }

    [Fact]
    public void The_strict_store_in_memory_refuses_the_same_names()
    {
        var refused = 0;
        foreach (var text in ((IEnumerable<object[]>)Names).Select(row => (string)row[0]).Where(text => ObjectName.TryParse(text, out _, out _)))
        {
            var name = ObjectName.Parse(text);
            var fault = Record.Exception(() => BlobNames.Check(name));
            var store = new MemoryStore(new VirtualClock());
            var inMemory = Record.Exception(() => store.WriteDocumentAsync(name, default, Precondition.Absent, default).AsTask().GetAwaiter().GetResult());
            Assert.Equal(fault is null, inMemory is null);
            refused += fault is null ? 0 : 1;
        }

        Assert.InRange(refused, 20, 200);
    }

    [Theory]
    [InlineData("../tenant-b/evil.csv", false)]
    [InlineData("a/../evil.csv", false)]
    [InlineData("./evil.csv", false)]
    [InlineData("a/../../tenant-b/evil.csv", false)]
    [InlineData("a/b c+d?e#f%20.csv", true)]
    [InlineData("表.csv", true)]
    public void An_address_that_the_client_made_of_an_namename_is_seen_to_lead_elsewhere(string name, bool isAt)
    {
        var root = new BlobRoot(BlobConnection.Development, "tenant-a", "", new AzureBlobOptions());

        Assert.Equal(isAt, root.IsAt(root.Reads.GetBlobBaseClient(name), name));
    }

    [Fact]
    public void A_prefix_that_leads_elsewhere_is_refused()
    {
        foreach (var prefix in new[] { "../b", "a/../b", "%2e%2e/b", "a/", "/a", @"a\b" })
        {
            Assert.Throws<StorageException>(() => new AzureBlobStore(BlobConnection.Development, "container", prefix, new AzureBlobOptions()));
        }
    }

    private static async Task<bool> TryWriteAsync(AzureBlobStore store, string text)
    {
        try
        {
            return await store.WriteDocumentAsync(ObjectName.Parse(text), "x"u8.ToArray(), Precondition.Absent, default) is WriteResult.Written;
        }
        catch (StorageException e) when (e.Fault is StorageFault.NameRefused)
        {
            return false;
        }
    }

    private static async Task<int> CountOthersAsync(BlobServiceClient service, string container)
    {
        var count = 0;
        await foreach (var other in service.GetBlobContainersAsync())
        {
            if (!string.Equals(other.Name, container, StringComparison.Ordinal))
            {
                await foreach (var _ in service.GetBlobContainerClient(other.Name).GetBlobsAsync())
                {
                    count++;
                }
            }
        }

        return count;
    }
}
