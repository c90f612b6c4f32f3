using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>Three silos in processes of their own, a client, and what may happen to them on an ordinary day. Inputs, outputs and the cluster itself are in folders.</summary>
public sealed class ClusterTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Three_silos_share_a_batch_and_a_fourth_gets_work()
    {
        using var load = new Workload(files: 300, rows: 2700);
        var expected = await load.EmbeddedAsync();
        await using var cluster = await ProcessCluster.StartAsync(load, output, slots: 1);
        await cluster.SubmitAsync(load.Submission("spread"));
        await cluster.EndAsync("spread");

        var shares = (await load.DispatchesAsync("spread")).CountBy(dispatch => dispatch.Worker).ToList();
        shares.ForEach(share => cluster.Tell($"{share.Key}: {share.Value} attempts for {load.Files} files"));
        Assert.Equal(cluster.Silos.Select(silo => silo.Worker).Order(StringComparer.Ordinal), shares.Select(share => share.Key).Order(StringComparer.Ordinal));
        Assert.All(shares, share => Assert.True(share.Value >= 0.15 * load.Files, $"{share.Key} had {share.Value}"));
        Assert.Equal(expected, await load.FingerprintAsync());
        await Reports_name_silo_slot_and_attempt(load, cluster);
        await A_fourth_gets_work(load, cluster);
        Assert.Equal(expected, await load.FingerprintAsync());
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_killed_coordinator_costs_seconds_and_nothing_else() => await KilledAsync(Victim.Coordinator, output);

    [Fact]
    public async Task A_silo_that_is_asked_to_stop_gives_its_work_back_and_exits_zero()
    {
        using var load = new Workload(files: 100, rows: 3000);
        var expected = await load.EmbeddedAsync();
        await using var cluster = await ProcessCluster.StartAsync(load, output, silos: 2);
        await cluster.SubmitAsync(load.Submission("drain"));
        await cluster.UntilAsync("drain", 20);

        var clock = Stopwatch.StartNew();
        await cluster.Silos[0].TerminateAsync();
        cluster.Tell($"{cluster.Silos[0].Name} drained and ended in {clock.Elapsed.TotalSeconds:0.0} s");
        await cluster.EndAsync("drain");

        Assert.Equal(0, cluster.Silos[0].ExitCode);

        // A coordinator that moves with its silo may lose an answer to the other silo: what that gave is given again. The silo itself leaves nothing behind.
        var lost = (await load.JournalAsync("drain")).Where(entry => entry.Happened is "lost").ToList();
        lost.ForEach(entry => cluster.Tell($"{entry.Worker} lost attempt {entry.Number} of item {entry.Item}"));
        Assert.DoesNotContain(lost, entry => entry.Worker == cluster.Silos[0].Worker);
        Assert.Equal(expected, await load.FingerprintAsync());
        await cluster.TellRepeatsAsync("drain");
    }

    /// <summary>The batch ends with the bytes of the embedded run, whoever is killed with SIGKILL in the middle of it.</summary>
    internal static async Task KilledAsync(Victim victim, ITestOutputHelper output, string? blobs = null)
    {
        using var load = new Workload(files: 100, rows: 3000);
        var expected = await load.EmbeddedAsync();
        if (blobs is not null)
        {
            await load.MoveToBlobsAsync(blobs);
        }

        await using var cluster = await ProcessCluster.StartAsync(load, output);
        await cluster.SubmitAsync(load.Submission("kill"));
        await cluster.UntilAsync("kill", 20);

        await cluster.KillAsync("kill", victim);
        await cluster.EndAsync("kill");

        Assert.Equal(expected, await load.FingerprintAsync());
        await cluster.TellRepeatsAsync("kill");
    }

    private static async Task Reports_name_silo_slot_and_attempt(Workload load, ProcessCluster cluster)
    {
        var files = await load.ReportedAsync("spread");
        Assert.Equal(load.Files, files.Length);
        Assert.All(files, file =>
        {
            Assert.Contains(cluster.Silos, silo => file.Worker == $"{silo.Worker}/1");
            Assert.True(file.Attempts >= 1);
        });
    }

    /// <summary>There is work all the while that it joins, so that it has some to ask for once it is there.</summary>
    private static async Task A_fourth_gets_work(Workload load, ProcessCluster cluster)
    {
        var fourth = cluster.NewSilo("silo-4", slots: 1);
        var isReady = fourth.Start().ReadyAsync();
        var batch = "";
        for (var number = 1; batch.Length == 0 || !isReady.IsCompleted; number++)
        {
            batch = string.Create(CultureInfo.InvariantCulture, $"more-{number}");
            await cluster.SubmitAsync(load.Submission(batch) with { Force = true });
            await Task.WhenAny(isReady, cluster.EndAsync(batch));
        }

        await isReady;
        var ready = DateTimeOffset.UtcNow;
        await cluster.SubmitAsync(load.Submission("last") with { Force = true });
        await cluster.EndAsync(batch);
        await cluster.EndAsync("last");

        var all = (await load.DispatchesAsync(batch)).AddRange(await load.DispatchesAsync("last"));
        var first = all.Where(dispatch => dispatch.Worker == fourth.Worker).Select(dispatch => dispatch.At).Order().ToList();
        Assert.NotEmpty(first);
        cluster.Tell($"the fourth silo had work {(first[0] - ready).TotalSeconds:0.00} s after its readiness was seen, and {first.Count} files in all");
    }
}
