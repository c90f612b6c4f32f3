using System.Globalization;
using System.Runtime.InteropServices;
using OrleansClean.Batches;
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Execution;
using OrleansClean.Execution.Arrays;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Mapping;
using Xunit.Abstractions;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>Maps and arrays on silos in processes of their own, one of which is killed: the bytes are those of one process.</summary>
public sealed class WorkTests(ITestOutputHelper output)
{
    private const string Spec = """
        array: 1
        steps:
          - scale: 0.5
          - normalize: zscore
          - cast: f32
        """;

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_map_whose_coordinator_is_killed_ends_with_the_bytes_of_one_process()
    {
        using var load = new Workload(files: 1, rows: 1);
        var inputs = Path.Combine(load.Root, "numbers.txt");
        await File.WriteAllLinesAsync(inputs, Enumerable.Range(0, 60_000).Select(i => i % 997 == 0 ? "x" : i.ToString(CultureInfo.InvariantCulture)));
        var map = new LineMapRequest
        {
            Function = new FunctionReference("sha256", LibraryPath: null, new Dictionary<string, string>()),
            Inputs = Stream.Null,
            Output = Stream.Null,
            ChunkSize = 50,
        };
        var alone = await MapBatch.RunAsync(new MapBatchRequest(inputs, Path.Combine(load.Root, "alone"), map), default);
        await using var cluster = await ProcessCluster.StartAsync(load, output, silos: 3, slots: 1);

        var running = MapBatch.RunAsync(new MapBatchRequest(inputs, load.OutputRoot, map), cluster.Client, _ => { }, default);
        await KillCoordinatorAsync(cluster, running, done: 100);
        var report = await running;

        cluster.Tell($"{report.Chunks} chunks, {report.Counts.Ok} ok, {report.Counts.Failed} failed");
        Assert.Equal((alone.Counts.Ok, alone.Counts.Failed, 1_200), (report.Counts.Ok, report.Counts.Failed, report.Chunks));
        Assert.Equal(await File.ReadAllBytesAsync(alone.ResultPath!), await File.ReadAllBytesAsync(report.ResultPath!));
        Assert.Equal(WorkKind.Map, Assert.Single((await cluster.Client.ListAsync(default)).Batches).Kind);
        await What_a_cluster_cannot_do_is_refused_before_anything_begins(load, cluster, inputs);
        await An_array_takes_part(load, cluster);
    }

    private static async Task An_array_takes_part(Workload load, ProcessCluster cluster)
    {
        var (input, spec) = (Path.Combine(load.Root, "in.npy"), Path.Combine(load.Root, "spec.yaml"));
        await File.WriteAllTextAsync(spec, Spec);
        await WriteArrayAsync(input, 3_000_000);
        var alone = await ArrayTransform.RunAsync(spec, input, Path.Combine(load.Root, "alone.npy"));

        var report = await ArrayBatch.RunAsync(
            new ArrayBatchRequest(Spec, "spec.yaml", input, Path.Combine(load.Root, "arrays/made.npy")), cluster.Client, progress: null, default);

        Assert.Equal($"{alone.Before} {alone.After}", $"{report.Before} {report.After}");
        Assert.Equal(await FileHash.OfAsync(Path.Combine(load.Root, "alone.npy")), await FileHash.OfAsync(Path.Combine(load.Root, "arrays/made.npy")));
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task An_array_whose_coordinator_is_killed_ends_with_the_bytes_of_one_process()
    {
        using var load = new Workload(files: 1, rows: 1);
        var input = Path.Combine(load.Root, "in.npy");
        var spec = Path.Combine(load.Root, "spec.yaml");
        await File.WriteAllTextAsync(spec, Spec);
        await WriteArrayAsync(input, 40_000_000);
        var alone = await ArrayTransform.RunAsync(spec, input, Path.Combine(load.Root, "alone.npy"));
        await using var cluster = await ProcessCluster.StartAsync(load, output, silos: 3, slots: 1);

        var running = ArrayBatch.RunAsync(new ArrayBatchRequest(Spec, "spec.yaml", input, Path.Combine(load.OutputRoot, "made.npy")), cluster.Client, progress: null, default);
        await KillCoordinatorAsync(cluster, running, done: 1);
        var report = await running;

        Assert.Equal($"{alone.Before} {alone.After}", $"{report.Before} {report.After}");
        Assert.Equal(await FileHash.OfAsync(Path.Combine(load.Root, "alone.npy")), await FileHash.OfAsync(Path.Combine(load.OutputRoot, "made.npy")));
        Assert.Equal(WorkKind.Array, Assert.Single((await cluster.Client.ListAsync(default)).Batches).Kind);
    }

    private static async Task What_a_cluster_cannot_do_is_refused_before_anything_begins(Workload load, ProcessCluster cluster, string inputs)
    {
        var elsewhere = Path.Combine(load.Root, "elsewhere");
        MapBatchRequest Of(string function, string? library) => new(inputs, elsewhere, new LineMapRequest
        {
            Function = new FunctionReference(function, library, new Dictionary<string, string>()),
            Inputs = Stream.Null,
            Output = Stream.Null,
        });

        var unknown = await Assert.ThrowsAsync<UsageException>(() => MapBatch.RunAsync(Of("none", null), cluster.Client, _ => { }, default));
        var library = await Assert.ThrowsAsync<UsageException>(() => MapBatch.RunAsync(Of("mine", "shop.dll"), cluster.Client, _ => { }, default));

        Assert.Contains("none", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("--library names a file of this machine", library.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(elsewhere));
    }

    /// <summary>Kills the coordinating silo as soon as so many items are done, and before all are.</summary>
    private static async Task KillCoordinatorAsync(ProcessCluster cluster, Task running, int done)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        ListedBatch? batch = null;
        while (batch is null)
        {
            Assert.False(running.IsFaulted, running.Exception?.ToString());
            batch = (await cluster.Client.ListAsync(patience.Token)).Batches is [var one] ? one : null;
        }

        await cluster.UntilAsync(batch.Id, done);
        var victim = cluster.SiloOf(batch.Id, isCoordinator: true);
        await victim.KillAsync();
        var now = (await cluster.Client.StatusAsync(batch.Id, patience.Token)).Overview;
        cluster.Tell($"{victim.Name} was killed at {now?.Committed} of {now?.Items}");
        Assert.True(now!.Committed < now.Items, "The kill came too late.");
    }

    private static async Task WriteArrayAsync(string path, int elements)
    {
        var header = new NpyHeader { Element = ArrayElement.F32, Shape = [elements], Count = elements, Bytes = [] }.With(ArrayElement.F64);
        var values = new double[elements];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (i * 7_919L) % 1_000_003;
        }

        await using var file = File.Create(path);
        await file.WriteAsync(header.Bytes.ToArray());
        file.Write(MemoryMarshal.AsBytes<double>(values));
    }
}

/// <summary>Tells large files apart.</summary>
internal static class FileHash
{
    public static async Task<string> OfAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(file));
    }
}
