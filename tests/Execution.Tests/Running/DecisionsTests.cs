using System.Collections.Immutable;
using System.Globalization;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Logging;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;

namespace OrleansClean.Execution.Tests.Running;

/// <summary>What is decided without touching anything: exit codes, workers, the order of files, sets of processors, log lines.</summary>
public sealed class DecisionsTests
{
    [Theory]
    [InlineData("done", 0, false, false, FailOn.Nothing, 0)]
    [InlineData("done", 5, false, false, FailOn.Nothing, 0)]
    [InlineData("done", 5, false, false, FailOn.Rejects, 3)]
    [InlineData("done", 0, false, false, FailOn.Rejects, 0)]
    [InlineData("done", 5, false, false, FailOn.Warnings, 0)]
    [InlineData("done", 0, true, false, FailOn.Warnings, 3)]
    [InlineData("done", 0, true, false, FailOn.Rejects, 0)]
    [InlineData("partial", 5, true, false, FailOn.Rejects | FailOn.Warnings, 4)]
    [InlineData("failed", 0, false, false, FailOn.Nothing, 1)]
    [InlineData("limit-exceeded", 5, false, false, FailOn.Rejects, 5)]
    [InlineData("timeout", 0, false, false, FailOn.Nothing, 5)]
    [InlineData("cancelled", 0, false, false, FailOn.Nothing, 130)]
    [InlineData("cancelled", 0, false, true, FailOn.Nothing, 143)]
    public void The_exit_code_follows_from_the_report_and_the_flags(
        string status, long rejected, bool hasWarning, bool wasTerminated, FailOn failOn, int code)
    {
        var report = new BatchReport
        {
            BatchId = "x-1",
            Status = status,
            StartedAt = DateTimeOffset.UnixEpoch,
            Plan = new PlanIdentity("x", "", ImmutableSortedDictionary<string, string>.Empty),
            Engine = new EngineIdentity("", 1, 1),
            Ledger = new BatchLedger(new FileCounts(1, 1, 0, 0, 0), new RowTotals(9, 9 - rejected, 0, rejected, Balanced: true), new LineTotals(0, 0), new CellTotals(0), new ByteTotals(0, 0)),
            Steps = [],
            Expectations = [new ExpectationSummary { Check = "x", Severity = "warn", Ok = !hasWarning, Evaluated = 9, Unexpected = hasWarning ? 1 : 0 }],
            Files = [],
            Cost = new BatchCost(0, 0, 0, 0),
            Links = new BatchLinks("", "", ""),
        };

        Assert.Equal(code, ExitCodes.Of(report, failOn, wasTerminated));
    }

    [Theory]
    [InlineData("0-3", 4, "0,1,2,3")]
    [InlineData("0,2,4-5", 4, "0,2,4,5")]
    [InlineData("63", 1, "63")]
    [InlineData("1,1-2", 2, "1,2")]
    public void A_set_of_processors_is_read(string text, int count, string all)
    {
        var set = CpuSet.Parse(text)!;

        Assert.Equal((count, all), (set.Count, $"{set}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("3-1")]
    [InlineData("64")]
    [InlineData("a")]
    [InlineData("1-2-3")]
    [InlineData("-1")]
    [InlineData("0,")]
    public void What_is_no_set_of_processors_is_refused(string text) => Assert.Null(CpuSet.Parse(text));

    [Fact]
    public void Memory_bounds_the_number_of_workers()
    {
        Assert.Equal(8, WorkerCount.For(8, null));
        Assert.Equal(8, WorkerCount.For(8, 1L << 30));
        Assert.Equal(2, WorkerCount.For(8, WorkerCount.BytesOfProcess + (2 * WorkerCount.BytesPerWorker) + 1));
        Assert.Contains("at least 88 MiB", Assert.Throws<UsageException>(() => WorkerCount.For(8, 80 << 20)).Message, StringComparison.Ordinal);
        Assert.Throws<UsageException>(() => WorkerCount.For(0, null));
    }

    [Fact]
    public void Large_files_go_first_and_files_alike_by_name()
    {
        var listing = new InputListing(Header, [Item("a", 5), Item("b", 9), Item("c", 5), Item("d", 70)]);

        Assert.Equal(["d", "b", "a", "c"], listing.LargestFirst().Select(item => item.Name));
    }

    [Fact]
    public void A_log_line_cannot_be_forged_by_a_name()
    {
        var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };

        new TextBatchLog(text).Write(new BatchLogEntry(DateTimeOffset.UnixEpoch, "x-1", "a\n2026 pid=1 \"x\".csv", 2, 3, "failed", "an \u001b[31m e\u202ename"));

        Assert.Equal(
            $"1970-01-01T00:00:00.000Z pid={Environment.ProcessId} batch=x-1 file=\"a\\u000a2026 pid=1 \\\"x\\\".csv\" attempt=2 worker=3 event=failed message=\"an \\u001b[31m e\\u202ename\"\n",
            text.ToString());
    }

    private static BatchHeader Header { get; } = new()
    {
        BatchId = "x-1",
        Key = "x",
        StartedAt = DateTimeOffset.UnixEpoch,
        PlanName = "x",
        PlanPath = "x.yaml",
        Parameters = ImmutableSortedDictionary<string, string>.Empty,
        OutputFolder = "",
        InputRoots = [],
    };

    private static ListedInput Item(string name, long bytes) => new(name, 0, name, bytes, "", name, name, null);
}
