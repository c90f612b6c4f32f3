using System.Text.Json;
using OrleansClean.Cli.Bench;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests;

public sealed class BenchTests
{
    private static readonly BenchResult Even = new()
    {
        Plan = "p",
        Files = 100,
        Bytes = 1_000_000_000,
        LargestFileBytes = 10_000_000,
        LargestFileRanges = 0,
        Cpus = 4,
        Repeats = 3,
        Runs = [new BenchRow(1, 8, 8, 1_000_000_000, 10_000_000), new BenchRow(4, 2.1, 8.2, 1_000_000_000, 10_000_000)],
    };

    [Fact]
    public void Busy_processors_are_the_limit() => Assert.Equal("CPU: 4 processors are 98% busy", Even.Limit);

    [Fact]
    public void Idle_processors_wait_for_the_disk() =>
        Assert.StartsWith("disk, or waiting for it: 4 processors are only 50% busy", (Even with { Runs = [Even.Runs[0], Even.Runs[1] with { CpuSeconds = 4.2 }] }).Limit, StringComparison.Ordinal);

    [Fact]
    public void One_large_file_is_the_limit() =>
        Assert.StartsWith("the largest file: it holds 60% of the bytes", (Even with { LargestFileBytes = 600_000_000 }).Limit, StringComparison.Ordinal);

    [Fact]
    public void Few_files_are_the_limit() => Assert.StartsWith("too few files: 2 files for 4 workers", (Even with { Files = 2 }).Limit, StringComparison.Ordinal);

    [Fact]
    public void A_large_file_that_was_cut_into_ranges_is_not_the_limit() =>
        Assert.StartsWith("CPU", (Even with { Files = 1, LargestFileBytes = Even.Bytes, LargestFileRanges = 1_900 }).Limit, StringComparison.Ordinal);

    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(2, new[] { 1, 2 })]
    [InlineData(6, new[] { 1, 2, 4, 6 })]
    [InlineData(8, new[] { 1, 2, 4, 8 })]
    public void Workers_are_doubled_up_to_the_last(int workersMax, int[] steps) => Assert.Equal(steps, BenchRun.Steps(workersMax));

    [Fact]
    public void A_bench_is_a_table_with_what_limits_it()
    {
        using var output = new StringWriter();
        BenchText.Write(new Terminal { Out = output, Error = TextWriter.Null }, Even);

        Approved.Matches("bench", output.ToString());
    }

    [Theory]
    [InlineData(2, "wrong.yaml", "in", "There is no verb `trimm`.")]
    [InlineData(2, "missing.yaml", "in", "There is no plan 'missing.yaml'.")]
    [InlineData(2, "plan.yaml", "nothing", "No input matched nothing.")]
    [InlineData(2, "plan.yaml", "other", "plan.yaml:5:13: Step parse speaks of the column 'value', which is not there.")]
    [InlineData(1, "plan.yaml", "broken", "Every file failed: there is nothing to measure.")]
    [InlineData(4, "plan.yaml", "some", "warming up")]
    public async Task A_bench_exits_as_a_run_does(int exitCode, string plan, string files, string says)
    {
        using var work = new WorkFolder().With("plan.yaml", Plans.Small).With("wrong.yaml", "plan: 1\nname: w\nsteps:\n  - trimm: all\nwrite: out/{name}.csv\n")
            .With("in/a.csv", "id,value\n1,2\n").With("other/a.csv", "id,other\n1,2\n").With("broken/a.csv", "id,\"value\n1,2\n")
            .With("some/a.csv", "id,value\n1,2\n").With("some/b.csv", "id,\"value\n1,2\n");

        var answer = await Typed.Async("bench", plan, files, "-j", "1", "--repeat", "1");

        Assert.Equal(exitCode, answer.ExitCode);
        Assert.Contains(says, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bench_runs_the_plan_with_one_and_more_workers_and_leaves_nothing()
    {
        using var work = new WorkFolder().With("plan.yaml", Plans.Small).With("in/a.csv", "id,value\n1,2\n").With("in/b.csv", "id,value\n1,2\n");

        var answer = await Typed.Async("bench", "plan.yaml", "-j", "2", "--repeat", "1", "-o", "json");

        Assert.Equal(0, answer.ExitCode);
        Assert.False(work.Has("out"));
        var result = JsonDocument.Parse(answer.Out).RootElement;
        Assert.Equal([1, 2], result.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("workers").GetInt32()));
        Assert.False(string.IsNullOrEmpty(result.GetProperty("limit").GetString()));
    }
}
