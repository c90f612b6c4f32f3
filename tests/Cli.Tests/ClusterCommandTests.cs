using System.Text.Json;
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Cli.Clusters;
using OrleansClean.Cli.Demo;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Tests.Vocabulary;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Hosting.Works;

namespace OrleansClean.Cli.Tests;

/// <summary>
/// The same commands with <c>--cluster</c>. What a cluster does is not tested here: behind the door is a host in this process, so that the words, the
/// texts and the exit codes are held without Orleans too.
/// </summary>
public sealed class ClusterCommandTests : IDisposable
{
    private const string Plan = """
        plan: 1
        name: small
        read: {files: "in/*.csv"}
        steps:
          - parse: {value: integer}
        write: out/{name}.csv
        """;

    private static readonly string[] Cluster = ["--cluster", "demo", "--store", "work"];

    private readonly WorkFolder _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("run", "plan.yaml", "--cluster", "demo", "--store", "work")]
    [InlineData("batch", "list", "--cluster", "demo", "--store", "work")]
    [InlineData("batch", "wait", "--cluster", "demo", "--store", "work")]
    [InlineData("demo", "--silos", "3")]
    public async Task A_command_without_Orleans_says_which_one_reaches_clusters(params string[] words)
    {
        _work.With("plan.yaml", Plan).With("in/a.csv", "id,value\n1,2\n");

        var answer = await Typed.Async(words);

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("OrleansClean.Client", answer.Error, StringComparison.Ordinal);
        Assert.False(_work.Has("out"));
    }

    [Theory]
    [InlineData("--cluster is missing", "run", "plan.yaml", "--store", "work")]
    [InlineData("--store is missing", "run", "plan.yaml", "--cluster", "demo")]
    [InlineData("--workers cannot be given with --cluster", "run", "plan.yaml", "-j", "2", "--cluster", "demo", "--store", "work")]
    [InlineData("--dry-run cannot be given with --cluster", "run", "plan.yaml", "-n", "--cluster", "demo", "--store", "work")]
    [InlineData("--no-wait needs --cluster", "run", "plan.yaml", "--no-wait")]
    [InlineData("is not below", "run", "plan.yaml", "../elsewhere.csv", "--cluster", "demo", "--store", "work")]
    [InlineData("--cluster needs --out", "map", "square", "--inputs", "in/a.csv", "--cluster", "demo", "--store", "work")]
    [InlineData("--workers cannot be given with --cluster", "map", "square", "--inputs", "in/a.csv", "--out", "out", "-j", "2", "--cluster", "demo", "--store", "work")]
    [InlineData("--timeout cannot be given with --cluster", "map", "square", "--inputs", "in/a.csv", "--out", "out", "--timeout", "2s", "--cluster", "demo", "--store", "work")]
    [InlineData("--memo cannot be given with --cluster", "map", "square", "--inputs", "in/a.csv", "--out", "out", "--memo", "2", "--cluster", "demo", "--store", "work")]
    [InlineData("--library names a file of this machine", "map", "mine", "--library", "my.dll", "--inputs", "in/a.csv", "--out", "out", "--cluster", "demo", "--store", "work")]
    [InlineData("--in-place changes a file of this machine", "array", "spec.yaml", "a.npy", "--in-place", "--cluster", "demo", "--store", "work")]
    [InlineData("2 or more", "demo", "--silos", "1")]
    public async Task What_cannot_be_meant_is_refused(string why, params string[] words)
    {
        _work.With("plan.yaml", Plan).With("in/a.csv", "id,value\n1,2\n").With("spec.yaml", "array: 1\nsteps:\n  - scale: 2\n");

        var answer = await TypeAsync(words);

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains(why, answer.Error, StringComparison.Ordinal);
        Assert.False(_work.Has("out"));
    }

    [Fact]
    public async Task A_run_on_a_cluster_prints_the_ledger_and_writes_the_bytes_of_one_process()
    {
        _work.With("plan.yaml", Plan).With("in/a.csv", "id,value\n1,2\n2,x\n").With("in/b.csv", "id,value\n3,4\n");
        await Typed.Async("run", "plan.yaml", "--out", "alone");

        var answer = await TypeAsync(["run", "plan.yaml", .. Cluster]);

        Assert.True(answer.ExitCode == 0, answer.Out + answer.Error);
        Assert.Contains("3 in = 2 out + 0 dropped + 1 rejected   balanced", answer.Out, StringComparison.Ordinal);
        Assert.Contains("is with the cluster demo", answer.Error, StringComparison.Ordinal);
        foreach (var name in new[] { "a.csv", "b.csv", "_rejects/a.rejects.csv" })
        {
            Assert.Equal(_work.Read("alone/out/" + name), _work.Read("out/" + name));
        }
    }

    [Fact]
    public async Task The_same_command_again_is_the_next_batch_and_finds_its_files_unchanged()
    {
        _work.With("plan.yaml", Plan).With("in/a.csv", "id,value\n1,2\n");

        await TypeAsync(["run", "plan.yaml", .. Cluster]);
        var again = await TypeAsync(["run", "plan.yaml", "-o", "json", .. Cluster]);
        var list = await TypeAsync(["batch", "list", "-o", "jsonl", .. Cluster]);

        var report = JsonDocument.Parse(again.Out).RootElement;
        Assert.Equal(1, report.GetProperty("ledger").GetProperty("files").GetProperty("unchanged").GetInt32());
        var ids = list.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!).ToList();
        Assert.Equal(2, ids.Count);
        Assert.All(ids, id => Assert.Matches("^plan-[0-9a-f]{8}-[12]$", id));
    }

    [Fact]
    public async Task Files_that_are_named_are_cleaned_and_no_others()
    {
        _work.With("plan.yaml", Plan).With("in/a.csv", "id,value\n1,2\n").With("in/b.csv", "id,value\n3,4\n");

        var answer = await TypeAsync(["run", "plan.yaml", "in/b.csv", "--id", "named", "-o", "jsonl", .. Cluster]);

        Assert.True(answer.ExitCode == 0, answer.Error);
        Assert.Equal("in/b.csv", JsonDocument.Parse(answer.Out).RootElement.GetProperty("path").GetString());
        Assert.False(_work.Has("out/a.csv"));
    }

    [Fact]
    public async Task A_batch_is_shown_waited_for_and_retried_from_another_process()
    {
        _work.With("plan.yaml", Plan).With("in/a.csv", "id,value\n1,2\n").With("in/b.csv", "id,value\n3,4\n").With("out/b.csv/in-the-way", "");
        var run = await TypeAsync(["run", "plan.yaml", "--id", "first", .. Cluster]);

        var show = await TypeAsync(["batch", "show", "first", .. Cluster]);
        var wait = await TypeAsync(["batch", "wait", .. Cluster]);
        Directory.Delete("out/b.csv", recursive: true);
        var retry = await TypeAsync(["batch", "retry", "first", .. Cluster]);
        var none = await TypeAsync(["batch", "show", "second", .. Cluster]);

        Assert.Equal((4, 0, 4, 0, 2), (run.ExitCode, show.ExitCode, wait.ExitCode, retry.ExitCode, none.ExitCode));
        Assert.StartsWith("first  done  ", show.Out, StringComparison.Ordinal);
        Assert.Contains("2 files: 1 cleaned, 0 unchanged, 1 failed, 0 open", show.Out, StringComparison.Ordinal);
        Assert.Contains("no batch 'second'", none.Error, StringComparison.Ordinal);
        Assert.True(_work.Has("out/b.csv"));
    }

    [Fact]
    public async Task A_map_on_a_cluster_writes_what_one_process_writes_and_says_who_did_it()
    {
        _work.With("in.txt", "1\nx\n3\n");
        await Typed.Async("map", "square", "--inputs", "in.txt", "--out", "alone");

        var answer = await TypeAsync(["map", "square", "--inputs", "in.txt", "--out", "shared", .. Cluster]);

        Assert.True(answer.ExitCode == 4, answer.Error);
        Assert.StartsWith("square   3 inputs   cluster demo   ", answer.Error, StringComparison.Ordinal);
        Assert.Equal(_work.Read("alone/square.jsonl"), _work.Read("shared/square.jsonl"));
    }

    [Fact]
    public async Task An_array_on_a_cluster_is_the_one_of_one_process()
    {
        _work.With("spec.yaml", "array: 1\nsteps:\n  - scale: 2\n");
        byte[] header = [.. new NpyHeader { Element = ArrayElement.F32, Shape = [2], Count = 2, Bytes = [] }.With(ArrayElement.F64).Bytes];
        await File.WriteAllBytesAsync("a.npy", [.. header, .. BitConverter.GetBytes(1.5), .. BitConverter.GetBytes(2.5)]);
        await Typed.Async("array", "spec.yaml", "a.npy", "--out", "alone.npy");

        var answer = await TypeAsync(["array", "spec.yaml", "a.npy", "--out", "shared/made.npy", .. Cluster]);

        Assert.True(answer.ExitCode == 0, answer.Error);
        Assert.Contains("   cluster demo\n", answer.Out, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllBytesAsync("alone.npy"), await File.ReadAllBytesAsync("shared/made.npy"));
    }

    [Fact]
    public async Task An_interrupted_run_says_how_to_wait_again()
    {
        _work.With("plan.yaml", Plan).With("in/a.csv", "id,value\n1,2\n");
        using var interrupt = new CancellationTokenSource();

        var answer = await Typed.Async(["run", "plan.yaml", "--id", "long", .. Cluster], interrupt.Token, new Door(host => new Interrupting(host, interrupt)));

        Assert.Equal(130, answer.ExitCode);
        Assert.Contains("'orleansclean batch wait long --cluster demo --store work", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_is_only_submitted_prints_its_name()
    {
        _work.With("plan.yaml", Plan).With("in/a.csv", "id,value\n1,2\n");

        var answer = await TypeAsync(["run", "plan.yaml", "--no-wait", "--id", "left", .. Cluster]);

        Assert.Equal((0, "left\n"), (answer.ExitCode, answer.Out));
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_told()
    {
        _work.With("plan.yaml", Plan);

        var answer = await Typed.Async(["run", "plan.yaml", .. Cluster], CancellationToken.None, new Door(_ => throw new TimeoutException("No silo of the cluster 'demo' answers.")));

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("No silo of the cluster 'demo' answers.", answer.Error, StringComparison.Ordinal);
    }

    private static Task<Answer> TypeAsync(params string[] words) => Typed.Async(words, CancellationToken.None, new Door(host => host));

    /// <summary>A door that leads to a host in this process, over the folder <c>out</c>.</summary>
    private sealed class Door(Func<IBatchHost, IBatchHost> wrap) : IClusterDoor
    {
        public async Task<int> ActOnWorkAsync(ClusterAddress cluster, Func<IWorkHost, Task<int>> act, CancellationToken cancellationToken)
        {
            Assert.Equal(("demo", Path.GetFullPath("work")), (cluster.Name, cluster.Store));
            var stores = new LocalStores();
            await using var host = new LocalWorkHost(stores, new WorkAttempts(stores, slots: 2), slots: 2);
            return await act(host);
        }

        public async Task<int> ActAsync(ClusterAddress cluster, Func<IBatchHost, Task<int>> act, CancellationToken cancellationToken)
        {
            Assert.Equal(("demo", Path.GetFullPath("work")), (cluster.Name, cluster.Store));
            await using var host = new LocalBatchHost(new LocalHostOptions { Stores = new LocalStores(), OutputRoot = Path.GetFullPath("out"), Workers = 2 });
            return await act(wrap(host));
        }

        public string Full(string place) => Path.GetFullPath(place);

        public Task<int> DemoAsync(DemoRun demo, DemoTruth truth, int silos, Terminal terminal, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("No demo was asked for.");
    }

    /// <summary>A host during whose first wait the user presses Ctrl+C.</summary>
    private sealed class Interrupting(IBatchHost host, CancellationTokenSource interrupt) : IBatchHost
    {
        public Task<HostReply> SubmitAsync(BatchSubmission submission, CancellationToken cancellationToken) => host.SubmitAsync(submission, cancellationToken);

        public Task<StatusReply> StatusAsync(string batchId, CancellationToken cancellationToken) => host.StatusAsync(batchId, cancellationToken);

        public async Task<StatusReply> WaitAsync(string batchId, TimeSpan patience, CancellationToken cancellationToken)
        {
            await interrupt.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            return await host.WaitAsync(batchId, patience, cancellationToken);
        }

        public Task<HostReply> CancelAsync(string batchId, CancellationToken cancellationToken) => host.CancelAsync(batchId, cancellationToken);

        public Task<HostReply> RetryAsync(string batchId, CancellationToken cancellationToken) => host.RetryAsync(batchId, cancellationToken);

        public Task<HostReply> ResumeAsync(string batchId, CancellationToken cancellationToken) => host.ResumeAsync(batchId, cancellationToken);

        public Task<ListReply> ListAsync(CancellationToken cancellationToken) => host.ListAsync(cancellationToken);

        public Task<Stream?> OpenAsync(string batchId, BatchPaper paper, string? input, CancellationToken cancellationToken) =>
            host.OpenAsync(batchId, paper, input, cancellationToken);
    }
}
