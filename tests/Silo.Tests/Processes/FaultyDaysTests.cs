using System.Diagnostics;
using OrleansClean.Batches;
using OrleansClean.Grains.Tests;
using OrleansClean.Storage.AzureBlobs.Tests;
using Xunit.Abstractions;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>Silos that come back when nobody waits for them any more, and stores that fail for a while beneath living silos.</summary>
[Trait("Category", "Long")]
public sealed class FaultyDaysTests(Azurite azurite, ITestOutputHelper output) : IClassFixture<Azurite>
{
    private const int HitsMin = 8;
    private const WireFault Longest = WireFault.Unavailable;
    private static readonly WireFault[] Faults = [WireFault.LoseRequest, WireFault.LoseAnswer, WireFault.CutHead, WireFault.Slow, WireFault.Unavailable];
    private static readonly TimeSpan LastsMin = TimeSpan.FromSeconds(6);

    /// <summary>Longer than a coordinator tries to append: it ends, and so does every one that is opened meanwhile.</summary>
    private static readonly TimeSpan LongestLasts = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [AzuriteTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_coordinator_that_thaws_after_another_took_over_writes_nothing_more(bool isInBlobs)
    {
        using var load = new Workload(files: 400, rows: 4000);
        var expected = await load.EmbeddedAsync();
        if (isInBlobs)
        {
            await load.MoveToBlobsAsync(azurite.ConnectionString);
        }

        await using var cluster = await ProcessCluster.StartAsync(load, output);
        await cluster.SubmitAsync(load.Submission("thaw"));
        await cluster.UntilAsync("thaw", 30);

        var frozen = cluster.SiloOf("thaw", isCoordinator: true);
        var clock = Stopwatch.StartNew();
        frozen.LeaveAlone();
        frozen.Signal("STOP");
        var before = (await load.JournalAsync("thaw")).Count(entry => entry.Happened is "committed");
        await cluster.UntilAsync("thaw", before + 20);
        var now = (await cluster.Client.StatusAsync("thaw", CancellationToken.None)).Overview!;
        cluster.Tell($"{frozen.Name} froze at {before} files; another one had published {now.Committed - before} more {clock.Elapsed.TotalSeconds:0.0} s later, when it thawed");
        Assert.NotEqual(BatchPhase.Done, now.Phase);
        frozen.Signal("CONT");
        await frozen.ExitAsync();
        await cluster.EndAsync("thaw");

        Assert.NotEqual(0, frozen.ExitCode);
        Assert.Equal(expected, await load.FingerprintAsync());
        Assert.InRange(await load.AssertPublishedOnceAsync("thaw"), 2, int.MaxValue);
        await cluster.TellRepeatsAsync("thaw");
    }

    /// <summary>The journal of whoever coordinates fails; of the table of silos, only one silo's way to it does.</summary>
    [AzuriteTheory]
    [InlineData("journal", true)]
    [InlineData("membership", false)]
    public async Task A_store_that_fails_for_a_while_costs_time_and_nothing_else(string what, bool isForAll)
    {
        using var load = new Workload(files: 120, rows: 3000);
        var expected = await load.EmbeddedAsync();
        await load.MoveToBlobsAsync(azurite.ConnectionString);
        await using var wire = new BrokenWire(azurite.Port);
        await using var cluster = await ProcessCluster.StartAsync(
            load, output, blobsOf: number => isForAll || number == 1 ? Azurite.ConnectionStringOf(wire.Port) : null);
        foreach (var fault in Faults)
        {
            var id = $"{what}-{fault}".ToLowerInvariant();
            await cluster.SubmitAsync(load.Submission(id) with { Force = true });
            await cluster.UntilAsync(id, 10);
            var clock = Stopwatch.StartNew();
            using (var trouble = wire.Trouble(line => line.Contains(what, StringComparison.Ordinal), fault))
            using (var patience = new CancellationTokenSource(Patience))
            {
                // A fault that is met again at once is met often in a second, and must last all the same.
                await Task.WhenAll(trouble.HitAsync(HitsMin, patience.Token), Task.Delay(fault is Longest && isForAll ? LongestLasts : LastsMin, patience.Token));
            }

            var lasted = clock.Elapsed;
            await cluster.EndAsync(id);

            Assert.Equal(expected, await load.FingerprintAsync());
            var coordinators = await load.AssertPublishedOnceAsync(id);
            cluster.Tell($"{what} {fault} for {lasted.TotalSeconds:0.0} s: done {(clock.Elapsed - lasted).TotalSeconds:0.0} s later, {coordinators} coordinators");
            await cluster.TellRepeatsAsync(id);
        }
    }
}
