using System.Text.Json;
using OrleansClean.Cli.Tests.Vocabulary;
using OrleansClean.Execution.Hosting;

namespace OrleansClean.Cli.Tests;

/// <summary>Batches, looked at and gone on with by other processes.</summary>
public sealed class BatchCommandTests : IDisposable
{
    private const string Plan = """
        plan: 1
        name: small
        read: {files: "in/*.csv"}
        steps:
          - parse: {value: integer}
        write: out/{name}.csv
        """;

    private readonly WorkFolder _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task A_run_is_listed_and_shown()
    {
        _work.With("plan.yaml", Plans.Small).With("in/a.csv", "id,value\n1,2\n");
        await Typed.Async("run", "plan.yaml", "--id", "first");

        var list = await Typed.Async("batch", "list", "-o", "jsonl");
        var show = await Typed.Async("batch", "show");

        var line = JsonDocument.Parse(list.Out).RootElement;
        Assert.Equal(("first", "done", true), (line.GetProperty("id").GetString(), line.GetProperty("status").GetString(), line.GetProperty("isDone").GetBoolean()));
        Assert.StartsWith("first  done  ", show.Out, StringComparison.Ordinal);
        Assert.Contains("1 file: 1 cleaned, 0 unchanged, 0 failed, 0 open", show.Out, StringComparison.Ordinal);
        Assert.Equal(0, (await Typed.Async("batch", "wait")).ExitCode);
    }

    [Theory]
    [InlineData("resume", 0)]
    [InlineData("cancel", 0)]
    [InlineData("retry", 2)]
    public async Task A_run_that_is_done_has_nothing_to_go_on_with(string verb, int exitCode)
    {
        _work.With("plan.yaml", Plans.Small).With("in/a.csv", "id,value\n1,2\n");
        await Typed.Async("run", "plan.yaml");

        var answer = await Typed.Async("batch", verb);

        Assert.Equal(exitCode, answer.ExitCode);
        Assert.Contains(exitCode == 0 ? "1 cleaned" : "nothing to retry", answer.Out + answer.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await Typed.Async("report", "verify")).ExitCode);
    }

    [Fact]
    public async Task A_failed_file_of_a_run_is_tried_again_by_a_retry()
    {
        _work.With("plan.yaml", Plan).With("in/a.csv", "id,value\n1,2\n").With("in/b.csv", "id,value\n1,3\n").With("out/b.csv/in-the-way", "");
        Assert.Equal(4, (await Typed.Async("run", "plan.yaml")).ExitCode);
        Directory.Delete("out/b.csv", recursive: true);

        Assert.Equal(0, (await Typed.Async("batch", "retry")).ExitCode);

        Assert.Equal("id,value\n1,3\n", _work.Read("out/b.csv"));
        Assert.Contains("2 unchanged", (await Typed.Async("run", "plan.yaml")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_its_process_left_is_resumed_to_its_end()
    {
        WriteInputs(3);
        await SubmitAndLeaveAsync("left");

        var before = await Typed.Async("batch", "show");
        var wait = await Typed.Async("batch", "wait");
        var resume = await Typed.Async("batch", "resume");
        var after = await Typed.Async("batch", "show", "-o", "json");

        Assert.Contains("batch resume", before.Error, StringComparison.Ordinal);
        Assert.Equal(1, wait.ExitCode);
        Assert.Equal(0, resume.ExitCode);
        Assert.Contains("balanced", resume.Out, StringComparison.Ordinal);
        Assert.Equal("done", JsonDocument.Parse(after.Out).RootElement.GetProperty("status").GetString());
        Assert.Equal("id,value\n1-1,1\n1-2,2\n", _work.Read("out/1.csv"));
        Assert.Equal(0, (await Typed.Async("report", "verify")).ExitCode);
    }

    [Fact]
    public async Task A_cancelled_batch_says_so_and_a_retry_ends_it()
    {
        WriteInputs(3);
        await SubmitAndLeaveAsync("left");

        var cancel = await Typed.Async("batch", "cancel");
        var retry = await Typed.Async("batch", "retry");
        var again = await Typed.Async("batch", "retry");

        Assert.Contains(cancel.ExitCode, new[] { 0, 130 });
        Assert.Equal(cancel.ExitCode == 0 ? 2 : 0, retry.ExitCode);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("nothing to retry", again.Error, StringComparison.Ordinal);
        Assert.True(_work.Has("out/3.csv"));
    }

    [Fact]
    public async Task Prune_keeps_the_newest_and_what_is_unfinished_and_every_output()
    {
        WriteInputs(2);
        _work.With("plan.yaml", Plan);
        foreach (var id in new[] { "a", "b", "c" })
        {
            await Typed.Async("run", "plan.yaml", "--id", id, "--force");
        }

        await SubmitAndLeaveAsync("left");
        var answer = await Typed.Async("batch", "prune", "--keep", "1");

        Assert.Equal("b\na\n", answer.Out);
        Assert.True(_work.Has("out/.orleansclean/batches/left/journal"));
        Assert.True(_work.Has("out/.orleansclean/batches/c"));
        Assert.False(_work.Has("out/.orleansclean/batches/a"));
        Assert.True(_work.Has("out/1.csv"));
        Assert.Equal(0, (await Typed.Async("batch", "resume")).ExitCode);
    }

    [Fact]
    public async Task A_root_that_a_process_works_on_refuses_a_second_one()
    {
        // Enough that the first one is still at work, however slowly the second is started.
        WriteInputs(1_500, rows: 200);
        await SubmitAndLeaveAsync("left");
        await using var host = Host();
        await host.ResumeAsync("left", default);

        var answer = await Typed.Async("batch", "resume");

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("is in use by process", answer.Error, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_batch_killed_with_its_process_three_times_ends_with_every_file_once()
    {
        const int files = 1_500;
        WriteInputs(files, rows: 200);
        await SubmitAndLeaveAsync("killed");
        foreach (var share in new[] { 50, 500, 1_000 })
        {
            Assert.True(await KillAsync(share, "batch", "resume", "-j", "2") || share > 50, "It was done before it could be killed.");
        }

        var end = await Typed.Async("batch", "resume");

        Assert.True(end.ExitCode == 0, end.Error + end.Out);
        Assert.Contains("1,500 cleaned   0 unchanged   0 failed", end.Out, StringComparison.Ordinal);
        Assert.Equal(files, Directory.GetFiles("out").Length);
        Assert.All(Enumerable.Range(1, files), file => Assert.Equal(_work.Read($"in/{file}.csv"), _work.Read($"out/{file}.csv")));
        Assert.Empty(Directory.GetFiles("out/.orleansclean/staging"));
        var verify = await Typed.Async("report", "verify");
        Assert.True(verify.ExitCode == 0, verify.Out + verify.Error);
    }

    [UnixTheory]
    [InlineData("run", "plan.yaml")]
    [InlineData("batch", "resume")]
    public async Task A_run_killed_three_times_ends_with_the_bytes_of_one_that_was_not(params string[] words)
    {
        const int files = 600;
        WriteInputs(files, rows: 200);
        _work.With("plan.yaml", Plan).With("in/bad.csv", "id,value\n1,1\n2,x\n");
        Assert.Equal(0, (await Typed.Async("run", "plan.yaml", "--out", "undisturbed")).ExitCode);
        foreach (var share in new[] { 20, 200, 400 })
        {
            Assert.True(await KillAsync(share, "run", "plan.yaml", "-q", "-j", "2") || share > 20, "It was done before it could be killed.");
        }

        var end = await Typed.Async(words);

        Assert.True(end.ExitCode == 0, end.Error + end.Out);
        Assert.Contains("601 cleaned   0 unchanged   0 failed", end.Out, StringComparison.Ordinal);
        var expected = Outputs("undisturbed/out");
        Assert.Equal(files + 2, expected.Count);
        Assert.Equal(expected, Outputs("out"));
        Assert.Equal(Manifest("undisturbed/out"), Manifest("out"));
        Assert.Empty(Directory.GetFiles("out/.orleansclean/staging"));
        Assert.Equal(0, (await Typed.Async("report", "verify", "--out", "out")).ExitCode);
        Assert.Contains("601 unchanged", (await Typed.Async("run", "plan.yaml")).Out, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_run_of_one_output_killed_three_times_ends_with_the_bytes_of_one_that_was_not()
    {
        WriteInputs(600, rows: 200);
        _work.With("plan.yaml", Plan.Replace("out/{name}.csv", "{to: out/all.csv, combine: true}", StringComparison.Ordinal));
        Assert.Equal(0, (await Typed.Async("run", "plan.yaml", "--out", "undisturbed")).ExitCode);
        foreach (var share in new[] { 20, 300, 550 })
        {
            Assert.True(await KillAsync(share, "run", "plan.yaml", "-q", "-j", "2") || share > 20, "It was done before it could be killed.");
        }

        Assert.Equal(0, (await Typed.Async("run", "plan.yaml")).ExitCode);
        Assert.Equal(Outputs("undisturbed/out"), Outputs("out"));
        Assert.Equal(Manifest("undisturbed/out"), Manifest("out"));
        Assert.Empty(Directory.GetFiles("out/.orleansclean/staging"));
        Assert.Empty(Directory.GetFiles("out/.orleansclean", "*.csv", SearchOption.AllDirectories));
    }

    /// <summary>Kills a command once so many files are ready, published or not. False if it had ended before.</summary>
    private static async Task<bool> KillAsync(int share, params string[] words)
    {
        using var process = CommandProcess.Start(words);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (Count("out") + Count("out/.orleansclean/staging") < share && !process.HasExited)
        {
            await Task.Delay(5, patience.Token);
        }

        await process.SignalAsync("KILL");
        await process.WaitForExitAsync();
        return process.ExitCode == 137;
    }

    private static int Count(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder).Length : 0;

    private static SortedDictionary<string, string> Outputs(string root) => new(
        Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Where(path => !path.Contains(".orleansclean", StringComparison.Ordinal))
            .ToDictionary(path => Path.GetRelativePath(root, path), File.ReadAllText, StringComparer.Ordinal),
        StringComparer.Ordinal);

    private static string Manifest(string root) => File.ReadAllText(Directory.GetFiles($"{root}/.orleansclean", "manifest.json", SearchOption.AllDirectories).Single());

    private void WriteInputs(int files, int rows = 2)
    {
        for (var file = 1; file <= files; file++)
        {
            _work.With($"in/{file}.csv", "id,value\n" + string.Concat(Enumerable.Range(1, rows).Select(row => $"{file}-{row},{row}\n")));
        }
    }

    private LocalBatchHost Host() => new(new LocalHostOptions { Stores = new LocalStores(), OutputRoot = Path.Combine(_work.Path, "out"), Workers = 2 });

    /// <summary>Begins a batch and ends its host as soon as the inputs are listed.</summary>
    private async Task SubmitAndLeaveAsync(string id)
    {
        await using var host = Host();
        var reply = await host.SubmitAsync(
            new BatchSubmission
            {
                Id = id,
                PlanText = Plan,
                InputRoot = _work.Path,
                OutputRoot = Path.Combine(_work.Path, "out"),
                FrozenAt = DateTimeOffset.UtcNow,
            },
            default);
        Assert.Equal(HostOutcome.Accepted, reply.Outcome);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while ((await host.StatusAsync(id, patience.Token)).Overview!.Listing is null)
        {
            await Task.Yield();
        }
    }
}
