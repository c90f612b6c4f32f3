using OrleansClean.Grains.Tests;
using OrleansClean.Storage.AzureBlobs.Tests;
using Xunit.Abstractions;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>Three silos in processes of their own share one large file in blobs: they stage its pieces side by side, and one commit joins them.</summary>
public sealed class PiecesTests(Azurite azurite, ITestOutputHelper output) : IClassFixture<Azurite>
{
    private const long PieceBytes = 1 << 20;

    [AzuriteFact]
    public async Task Three_silos_share_one_file_and_the_kill_of_its_coordinator_costs_nothing() => await SharedAsync(Victim.Coordinator);

    [AzuriteTheory]
    [InlineData(Victim.Worker)]
    [InlineData(Victim.First)]
    [InlineData(Victim.All)]
    [Trait("Category", "Long")]
    public async Task Nor_does_the_kill_of_any_other_silo_or_of_all(Victim victim) => await SharedAsync(victim);

    private async Task SharedAsync(Victim victim)
    {
        using var load = new Workload(files: 1, rows: 1_000_000);
        var expected = await load.EmbeddedAsync();
        await load.MoveToBlobsAsync(azurite.ConnectionString);
        await using var cluster = await ProcessCluster.StartAsync(load, output, silos: 3, slots: 1);
        await cluster.SubmitAsync(load.Submission("shared") with { PieceBytes = PieceBytes });
        await cluster.UntilAsync("shared", overview => overview.Pieces - overview.PiecesWaiting - overview.PiecesRunning >= 3);

        await cluster.KillAsync("shared", victim);
        await cluster.EndAsync("shared");

        Assert.Equal(expected, await load.FingerprintAsync());
        var journal = await load.JournalAsync("shared");
        Assert.Equal(0, Assert.Single(journal, entry => entry.Happened is "committed").Item);
        var pieces = journal.Where(entry => entry.Happened is "unchanged").ToList();
        Assert.InRange(pieces.Count, 10, 64);
        Assert.Equal(pieces.Select(piece => piece.Item).Distinct().Count(), pieces.Count);
        var shares = journal.Where(entry => entry is { Happened: "dispatched", Item: > 0 }).CountBy(dispatch => dispatch.Worker).ToList();
        shares.ForEach(share => cluster.Tell($"{share.Key}: {share.Value} attempts for {pieces.Count} pieces"));
        Assert.Equal(3, shares.Count);
        var file = Assert.Single(await load.ReportedAsync("shared"));
        cluster.Tell($"put together by {file.Worker} in attempt {file.Attempts}");
        Assert.InRange(file.Attempts, 1, 2);
    }
}
