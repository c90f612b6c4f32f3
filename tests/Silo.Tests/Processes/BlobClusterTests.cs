using OrleansClean.Grains.Tests;
using OrleansClean.Storage.AzureBlobs.Tests;
using Xunit.Abstractions;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>A cluster that keeps itself, its inputs and its outputs in blobs, on Azurite.</summary>
public sealed class BlobClusterTests(Azurite azurite, ITestOutputHelper output) : IClassFixture<Azurite>
{
    [AzuriteTheory]
    [InlineData(Victim.Worker)]
    [InlineData(Victim.Coordinator)]
    [InlineData(Victim.First)]
    [InlineData(Victim.All)]
    [Trait("Category", "Long")]
    public async Task In_blobs_too_a_kill_costs_seconds_and_nothing_else(Victim victim) =>
        await ClusterTests.KilledAsync(victim, output, azurite.ConnectionString);
}
