using System.Diagnostics;
using OrleansClean.Batches;
using OrleansClean.Grains.Membership;
using Xunit.Abstractions;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>What takes minutes: frozen silos, all cores busy many times over, giant batches.</summary>
[Trait("Category", "Long")]
public sealed class HardDaysTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(Victim.Worker)]
    [InlineData(Victim.First)]
    [InlineData(Victim.All)]
    public async Task Whoever_is_killed_it_costs_seconds_and_nothing_else(Victim victim) => await ClusterTests.KilledAsync(victim, output);

    [Fact]
    public async Task A_frozen_silo_is_replaced_and_ends_itself_when_it_thaws()
    {
        using var load = new Workload(files: 150, rows: 4000);
        var expected = await load.EmbeddedAsync();
        await using var cluster = await ProcessCluster.StartAsync(load, output);
        await cluster.SubmitAsync(load.Submission("freeze"));
        await cluster.UntilAsync("freeze", 30);

        // The client is connected to it like to the others: it must find its way, too.
        var frozen = cluster.SiloOf("freeze", isCoordinator: true);
        var clock = Stopwatch.StartNew();
        frozen.LeaveAlone();
        frozen.Signal("STOP");
        var now = (await cluster.Client.StatusAsync("freeze", CancellationToken.None)).Overview;
        cluster.Tell($"{frozen.Name} froze; the client was served again after {clock.Elapsed.TotalSeconds:0.0} s, at {now?.Committed} files");
        await cluster.EndAsync("freeze");
        cluster.Tell($"the batch ended {clock.Elapsed.TotalSeconds:0.0} s after {frozen.Name} froze");

        frozen.Signal("CONT");
        await frozen.ExitAsync();

        Assert.NotEqual(0, frozen.ExitCode);
        Assert.Equal(expected, await load.FingerprintAsync());
        await cluster.TellRepeatsAsync("freeze");
    }

    [Fact]
    public async Task A_giant_batch_does_not_starve_a_small_one()
    {
        using var load = new Workload(files: 600, rows: 4000);
        using var small = new Workload(files: 6, rows: 100);
        await using var cluster = await ProcessCluster.StartAsync(load, output);
        await cluster.SubmitAsync(load.Submission("giant"));
        await cluster.UntilAsync("giant", 20);

        var clock = Stopwatch.StartNew();
        await cluster.SubmitAsync(small.Submission("small"));
        await cluster.EndAsync("small");
        var giant = (await cluster.Client.StatusAsync("giant", CancellationToken.None)).Overview!;
        cluster.Tell($"the small batch took {clock.Elapsed.TotalSeconds:0.0} s beside a giant one with {giant.Committed} of {giant.Items} files done");

        Assert.NotEqual(BatchPhase.Done, giant.Phase);
        await cluster.EndAsync("giant");
    }

    [Fact]
    public async Task Ten_thousand_small_files_are_cleaned_and_no_silo_holds_more_than_its_bounds()
    {
        const int slots = 2;
        using var load = new Workload(files: 10_000, rows: 3);
        var expected = await load.EmbeddedAsync();
        await using var cluster = await ProcessCluster.StartAsync(load, output, slots: slots);
        var clock = Stopwatch.StartNew();
        await cluster.SubmitAsync(load.Submission("small-files"));
        await cluster.EndAsync("small-files");
        cluster.Tell($"{load.Files} files in {clock.Elapsed.TotalSeconds:0.0} s");

        Assert.Equal(expected, await load.FingerprintAsync());
        var most = MostHeldAtOnce(await load.JournalAsync("small-files"));
        foreach (var (worker, held) in most)
        {
            cluster.Tell($"{worker} held at most {held} attempts at once");
        }

        // One for each slot, while they take milliseconds sixteen times as many ahead, and what is done and not yet heard of.
        const int reportsMax = 1024;
        Assert.Equal(3, most.Count);
        Assert.All(most.Values, held => Assert.InRange(held, 1, slots + (slots * 16) + reportsMax));
        await cluster.TellRepeatsAsync("small-files");
    }

    [Fact]
    public async Task With_all_cores_busy_many_times_over_nobody_is_suspected()
    {
        using var load = new Workload(files: 300, rows: 6000);
        var expected = await load.EmbeddedAsync();
        await using var cluster = await ProcessCluster.StartAsync(load, output, slots: 8);
        var before = await cluster.MembershipAsync();
        await cluster.SubmitAsync(load.Submission("busy"));
        await cluster.EndAsync("busy");
        var after = await cluster.MembershipAsync();

        var missed = cluster.Silos.Sum(silo => silo.Said.Split('\n').Count(line => line.Contains("probe", StringComparison.OrdinalIgnoreCase)));
        cluster.Tell($"{cluster.Silos.Count} silos with 8 slots each on {Environment.ProcessorCount} cores: {missed} lines of the logs speak of probes");
        Assert.Equal(before.Version, after.Version);
        Assert.All(after.Rows, row => Assert.True(row is { Status: MembershipRow.Active, Suspects: null or [] }, row.ToString()));
        Assert.Equal(expected, await load.FingerprintAsync());
    }

    /// <summary>The most attempts that each worker had in its hands at one time, as the journal tells it.</summary>
    private static Dictionary<string, int> MostHeldAtOnce(IEnumerable<JournalEntry> journal)
    {
        var owners = new Dictionary<(int Item, int Number), string>();
        var held = new Dictionary<string, int>(StringComparer.Ordinal);
        var most = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in journal)
        {
            if (entry.Happened is "dispatched")
            {
                owners[(entry.Item, entry.Number)] = entry.Worker;
                held[entry.Worker] = held.GetValueOrDefault(entry.Worker) + 1;
                most[entry.Worker] = Math.Max(most.GetValueOrDefault(entry.Worker), held[entry.Worker]);
            }
            else if (entry.EndsAttempt && owners.Remove((entry.Item, entry.Number), out var owner))
            {
                held[owner]--;
            }
        }

        return most;
    }
}
