using OrleansClean.Grains.Tests;
using OrleansClean.Storage.AzureBlobs.Tests;
using Xunit.Abstractions;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>A cluster that keeps itself, its inputs and its outputs in blobs, on Azurite.</summary>
public sealed class BlobClusterTests(Azurite azurite, ITestOutputHelper output) : IClassFixture<Azurite>
{
    [AzuriteTheory]
    [InlineData(Victim.All)]
    public async Task In_blobs_too_a_kill_costs_seconds_and_nothing_else(Victim victim) =>
        await ClusterTests.KilledAsync(victim, output, azurite.ConnectionString);

    [AzuriteTheory]
    [InlineData(Victim.Worker)]
    [InlineData(Victim.Coordinator)]
    [InlineData(Victim.First)]
    [Trait("Category", "Long")]
    public async Task In_blobs_a_kill_of_any_silo_costs_seconds_and_nothing_else(Victim victim) =>
        await ClusterTests.KilledAsync(victim, output, azurite.ConnectionString);
}
