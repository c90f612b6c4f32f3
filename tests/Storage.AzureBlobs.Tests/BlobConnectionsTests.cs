namespace OrleansClean.Storage.AzureBlobs.Tests;

public sealed class BlobConnectionsTests
{
    private static readonly BlobConnections Connections = new([new("dev", BlobConnection.Development)]);

    [Theory]
    [InlineData("blob://dev/data")]
    [InlineData("blob://DEV/data/")]
    [InlineData("blob://dev/data/a/b c")]
    public void An_address_names_a_connection_a_container_and_a_prefix(string address)
    {
        var store = Connections.Open(address, new AzureBlobOptions());

        var prefix = address.EndsWith('c') ? "a/b c/" : "";
        Assert.Equal($"http://127.0.0.1:10000/devstoreaccount1/data/{prefix}x.csv", store.Locate(ObjectName.Parse("x.csv")));
    }

    [Theory]
    [InlineData("blob://")]
    [InlineData("blob://dev")]
    [InlineData("blob:///data")]
    [InlineData("blob://dev/Data")]
    [InlineData("blob://dev/a")]
    [InlineData("blob://dev/..")]
    [InlineData("blob://dev/a--b")]
    [InlineData("blob://dev/data/../other")]
    [InlineData("blob://dev/data//x")]
    [InlineData("http://169.254.169.254/data")]
    [InlineData("https://account.blob.core.windows.net/data")]
    [InlineData("UseDevelopmentStorage=true")]
    public void Anything_else_is_refused(string address)
    {
        var refused = Assert.Throws<StorageException>(() => Connections.Open(address, new AzureBlobOptions()));

        Assert.Equal(StorageFault.NameRefused, refused.Fault);
    }

    [Fact]
    public void A_connection_that_nobody_configured_is_named_with_those_that_are_there()
    {
        var refused = Assert.Throws<StorageException>(() => Connections.Open("blob://prod/data", new AzureBlobOptions()));

        Assert.Contains("No connection is named 'prod'; there are: dev", refused.Message, StringComparison.Ordinal);
        Assert.Contains("ORLEANSCLEAN_BLOBS_PROD", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Connections_are_read_from_the_environment()
    {
        var found = BlobConnections.FromEnvironment(
        [
            new("ORLEANSCLEAN_BLOBS_DEV", "UseDevelopmentStorage=true"),
            new("ORLEANSCLEAN_BLOBS_PROD", "https://account.blob.core.windows.net/"),
            new("ORLEANSCLEAN_BLOBS_", "nameless"),
            new("PATH", "/bin"),
        ]);

        Assert.Equal(["DEV", "PROD"], found.Names);
        Assert.Equal("https://account.blob.core.windows.net/data/x.csv", found.Open("blob://prod/data", new AzureBlobOptions()).Locate(ObjectName.Parse("x.csv")));
    }

    [Theory]
    [InlineData("https://account.blob.core.windows.net/?sv=1&sig=CANARY")]
    [InlineData("http://CANARY.blob.core.windows.net/")]
    [InlineData("https://user:CANARY@account.blob.core.windows.net/")]
    [InlineData("https://account.blob.core.windows.net/CANARY")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=x;AccountKey=CANARY")]
    [InlineData("CANARY")]
    public void A_setting_that_cannot_be_read_is_named_and_not_repeated(string setting)
    {
        var refused = Assert.Throws<FormatException>(() =>
            BlobConnections.FromEnvironment([new("ORLEANSCLEAN_BLOBS_PROD", setting)]).Open("blob://prod/data", new AzureBlobOptions()));

        Assert.DoesNotContain("CANARY", refused.ToString(), StringComparison.Ordinal);
    }
}
