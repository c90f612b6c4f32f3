using Azure.Storage.Blobs;
using OrleansClean.Client;
using OrleansClean.Execution.Hosting;
using OrleansClean.Storage.AzureBlobs;
using OrleansClean.Storage.AzureBlobs.Tests;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>A cluster that keeps itself in blobs, on Azurite.</summary>
public sealed class BlobClusterTests(Azurite azurite) : IClassFixture<Azurite>
{
    [AzuriteFact]
    public async Task Silos_that_keep_themselves_in_blobs_are_killed_and_end_the_batch()
    {
        using var load = new Workload(files: 80, rows: 2000);
        var expected = await load.EmbeddedAsync();
        await new BlobContainerClient(azurite.ConnectionString, "clusters").CreateIfNotExistsAsync();
        const string store = "blob://tests/clusters/work";
        await using var one = await new SiloProcess("tests", store, "silo-1", blobs: azurite.ConnectionString).Start().ReadyAsync();
        await using var two = await new SiloProcess("tests", store, "silo-2", blobs: azurite.ConnectionString).Start().ReadyAsync();
        var connections = new BlobConnections([new("tests", BlobConnection.Parse(azurite.ConnectionString))]);
        await using var client = await OrleansCleanClient.ConnectAsync(
            "tests", connections.Open(store, new AzureBlobOptions()), new LocalStores(), TimeSpan.FromSeconds(60), default);

        Assert.Equal(HostOutcome.Accepted, (await client.SubmitAsync(load.Submission("blobs"), default)).Outcome);
        while ((await client.StatusAsync("blobs", default)).Overview is not { Committed: >= 10 })
        {
            await Task.Delay(20);
        }

        await Task.WhenAll(one.KillAsync(), two.KillAsync());
        await Task.WhenAll(one.Start().ReadyAsync(), two.Start().ReadyAsync());
        var end = await client.WaitAsync("blobs", TimeSpan.FromMinutes(3), default);

        Assert.True(end.IsDone, $"{end}\n{one.Said}\n{two.Said}");
        Assert.Equal(expected, load.Fingerprint());
    }
}

/// <summary>A test that needs Azurite; skipped with the reason where it cannot run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AzuriteFactAttribute : FactAttribute
{
    public AzuriteFactAttribute() => Skip = Azurite.WhyNot;
}
