using Microsoft.Extensions.Configuration;
using Orleans;
using Orleans.Core.Internal;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.TestingHost;
using OrleansClean.Batches;
using OrleansClean.Client;
using OrleansClean.Execution.Hosting;
using OrleansClean.Grains;
using OrleansClean.Grains.Registry;
using OrleansClean.Grains.Wire;
using OrleansClean.Silo.Running;
using OrleansClean.Silo.Tests.Processes;
using OrleansClean.Storage.Folders;
using Xunit.Abstractions;

namespace OrleansClean.Silo.Tests.InProcess;

/// <summary>Two silos in one process: grains, the wire and the runner on the real runtime. What processes do is tested with processes.</summary>
public sealed class TestClusterTests(ITestOutputHelper output)
{
    private const string StoreKey = "OrleansCleanStore";

    [Fact]
    public async Task A_batch_crosses_the_wire_and_ends_with_the_bytes_of_one_process()
    {
        using var load = new Workload(files: 60, rows: 200);
        var expected = await load.EmbeddedAsync();
        await using var cluster = await DeployAsync(load);
        await using var client = ClientOf(cluster, load);

        Assert.Equal(HostOutcome.Accepted, (await client.SubmitAsync(load.Submission("one"), default)).Outcome);
        Assert.Equal(HostOutcome.Known, (await client.SubmitAsync(load.Submission("one"), default)).Outcome);
        var end = await client.WaitAsync("one", TimeSpan.FromMinutes(2), default);

        Assert.True(end.IsDone, end.ToString());
        Assert.Equal((60, 0), (end.Overview!.Committed, end.Overview.Failed));
        Assert.Equal(expected, await load.FingerprintAsync());
    }

    /// <summary>What an operator, rebalancing and the collection of idle grains may do to a coordinator at any moment.</summary>
    [Fact]
    [Trait("Category", "Long")]
    public async Task A_coordinator_that_is_deactivated_again_and_again_in_mid_batch_loses_nothing()
    {
        using var load = new Workload(files: 150, rows: 1500);
        var expected = await load.EmbeddedAsync();
        await using var cluster = await DeployAsync(load);
        await using var client = ClientOf(cluster, load);
        Assert.Equal(HostOutcome.Accepted, (await client.SubmitAsync(load.Submission("moved"), default)).Outcome);
        var grain = cluster.Client.GetGrain<IBatchGrain>("moved").AsReference<IGrainManagementExtension>();
        var management = cluster.Client.GetGrain<IManagementGrain>(0);

        var asked = 0;
        for (var next = 5; await UntilAsync(client, "moved", next) is { IsDone: false } status; next = status.Overview!.Committed + 5)
        {
            // Each time after some more files, so that each coordinator had something in its hands.
            var way = asked++ % 3;
            await (way switch
            {
                0 => grain.DeactivateOnIdle().AsTask(),
                1 => grain.MigrateOnIdle().AsTask(),
                _ => management.ForceActivationCollection(TimeSpan.Zero),
            });
        }

        Assert.Equal(expected, await load.FingerprintAsync());
        var coordinators = await load.AssertPublishedOnceAsync("moved");
        output.WriteLine($"{asked} times; {coordinators} coordinators");
        Assert.InRange(coordinators, 3, int.MaxValue);
    }

    [Fact]
    public async Task Nothing_of_ours_is_thrown_across_a_grain()
    {
        using var load = new Workload(files: 1, rows: 1);
        await using var cluster = await DeployAsync(load);
        var batch = cluster.Client.GetGrain<IBatchGrain>("nothing");

        Assert.Equal(HostOutcome.Missing, (await batch.Status()).Outcome);
        Assert.Equal(HostOutcome.Missing, (await batch.Cancel()).Outcome);
        Assert.Equal(HostOutcome.Refused, (await batch.Submit(load.Submission("nothing") with { PlanText = "no plan" })).Outcome);
        Assert.Equal(HostOutcome.Refused, (await batch.Submit(load.Submission("nothing") with { OutputRoot = "s3://elsewhere" })).Outcome);
        Assert.Empty((await batch.Take(new TakeRequest(new WorkerId("w", 1), 1, 1, []))).Reply!.Attempts);
        Assert.False((await batch.Report(new AttemptReport(new AttemptId(7, 7), AttemptResult.Ready, "{}", null))).Reply!.Counted);
        Assert.False((await cluster.Client.GetGrain<ICleaningGrain>(0).Start(new StartOrder("nothing", new AttemptId(0, 1)))).IsStarted);
    }

    [Fact]
    public async Task A_submission_that_is_too_long_for_a_message_crosses_by_the_store()
    {
        using var load = new Workload(files: 3, rows: 5);
        await using var cluster = await DeployAsync(load);
        await using var client = ClientOf(cluster, load);
        var submission = load.Submission("long");
        submission = submission with { PlanText = $"{submission.PlanText}\n# {new string('x', WireTypes.SubmissionBytesMax)}\n" };
        Assert.False(WireTypes.IsShort(submission));

        Assert.Equal(HostOutcome.Accepted, (await client.SubmitAsync(submission, default)).Outcome);
        Assert.Equal(HostOutcome.Known, (await client.SubmitAsync(submission, default)).Outcome);
        var end = await client.WaitAsync("long", TimeSpan.FromMinutes(3), default);

        Assert.True(end.IsDone, end.ToString());
        Assert.Equal(3, end.Overview!.Committed);
    }

    /// <summary>Waits until so many files are published, or the batch is done.</summary>
    private static async Task<StatusReply> UntilAsync(OrleansCleanClient client, string id, int committed)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (true)
        {
            var status = await client.WaitAsync(id, TimeSpan.FromMilliseconds(20), patience.Token);
            if (status.IsDone || status.Overview?.Committed >= committed)
            {
                return status;
            }
        }
    }

    private static OrleansCleanClient ClientOf(TestCluster cluster, Workload load) => new(
        null, cluster.Client, new ClusterRegistry(new FolderStore(StoreOf(load)), "tests"), new LocalStores(), TimeSpan.FromMinutes(2));

    private static string StoreOf(Workload load) => Path.Combine(load.Root, "cluster");

    private static async Task<TestCluster> DeployAsync(Workload load)
    {
        var builder = new TestClusterBuilder(2);
        builder.Properties[StoreKey] = StoreOf(load);
        builder.AddSiloBuilderConfigurator<Configurator>();
        builder.AddClientBuilderConfigurator<Configurator>();
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }

    private sealed class Configurator : ISiloConfigurator, IClientBuilderConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder) => siloBuilder.AddOrleansClean(
            "tests",
            new FolderStore(siloBuilder.Configuration[StoreKey]!),
            new LocalStores(),
            new SiloRunnerOptions(Slots: 1, Drain: TimeSpan.FromSeconds(5)));

        public void Configure(IConfiguration configuration, IClientBuilder clientBuilder) => clientBuilder.AddOrleansCleanWire();
    }
}
