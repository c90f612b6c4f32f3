using System.Text.Json;
using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests;

public sealed class RunCommandTests
{
    private const string Good = "id,value\n1,10\n2,-5\n3,7.5\n";
    private const string Bad = "id,value\n1,10\n2,\"1,000\"\n3,7.5,extra\n";

    [Fact]
    public async Task A_run_cleans_files_and_prints_the_ledger()
    {
        using var work = Folder();

        var answer = await Typed.Async("run", "plan.yaml", "-j", "2");

        Assert.Equal(0, answer.ExitCode);
        Assert.Empty(answer.Error);
        Assert.Equal("id,value\n1,10\n3,7.5\n", work.Read("out/good.csv"));
        Assert.Equal("id,value\n1,10\n", work.Read("out/bad.csv"));
        Approved.Matches("run", Timeless(answer.Out));
    }

    [Fact]
    public async Task The_same_command_again_finds_everything_up_to_date()
    {
        using var work = Folder();
        await Typed.Async("run", "plan.yaml");

        var answer = await Typed.Async("run", "plan.yaml", "-j", "2");

        Assert.Equal(0, answer.ExitCode);
        Approved.Matches("run-again", Timeless(answer.Out));
    }

    [Fact]
    public async Task A_dry_run_lists_what_would_be_done_and_writes_nothing()
    {
        using var work = Folder();

        var answer = await Typed.Async("run", "plan.yaml", "-n", "-j", "2");

        Assert.Equal(0, answer.ExitCode);
        Assert.False(work.Has("out"));
        Approved.Matches("run-dry", answer.Out);
    }

    [Fact]
    public async Task The_report_is_printed_byte_for_byte()
    {
        using var work = Folder();

        var answer = await Typed.Async("run", "plan.yaml", "-o", "json");

        var path = Directory.GetFiles("out/.orleansclean", "report.json", SearchOption.AllDirectories).Single();
        Assert.Equal(File.ReadAllText(path), answer.Out);
        Assert.Equal("done", JsonDocument.Parse(answer.Out).RootElement.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Every_file_s_outcome_is_a_line_of_json()
    {
        using var work = Folder();

        var answer = await Typed.Async("run", "plan.yaml", "-o", "jsonl");

        var lines = answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["in/bad.csv", "in/good.csv"], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("path").GetString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("rejects", 3)]
    [InlineData("warnings", 0)]
    public async Task Fail_on_rejects_turns_rejects_into_exit_code_3(string what, int exitCode)
    {
        using var work = Folder();

        Assert.Equal(exitCode, (await Typed.Async("run", "plan.yaml", "--fail-on", what)).ExitCode);
    }

    [Theory]
    [InlineData(3, "in/good.csv", "in/bad.csv")]
    [InlineData(4, "in/good.csv", "in/bad.csv", "in/broken.csv")]
    [InlineData(1, "in/broken.csv")]
    [InlineData(5, "in/good.csv", "in/bad.csv", "in/broken.csv", "--max-rejects", "1")]
    [InlineData(2, "in/good.csv", "in/bad.csv", "in/none.csv")]
    public async Task Fail_on_decides_between_0_and_3_only(int exitCode, params string[] words)
    {
        using var work = Folder().With("in/broken.csv", "id,\"value\n1,x\n");

        Assert.Equal(exitCode, (await Typed.Async(["run", "plan.yaml", "--fail-on", "rejects", "--fail-on", "warnings", .. words])).ExitCode);
    }

    [UnixTheory]
    [InlineData(1, "in/esc\u001b[2J.csv")]
    [InlineData(4, "in")]
    public async Task A_dry_run_exits_as_the_run_for_a_file_whose_name_is_refused(int exitCode, string input)
    {
        using var work = Folder().With("in/esc\u001b[2J.csv", "id,value\n1,2\n");

        var dry = await Typed.Async("run", "plan.yaml", input, "-n");
        var run = await Typed.Async("run", "plan.yaml", input);

        Assert.Equal((exitCode, exitCode), (dry.ExitCode, run.ExitCode));
        Assert.Contains("  fail    in/esc\\x1b[2J.csv", dry.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_rejects_publish_nothing_and_exit_5()
    {
        using var work = Folder();

        var answer = await Typed.Async("run", "plan.yaml", "--max-rejects", "1");

        Assert.Equal(5, answer.ExitCode);
        Assert.False(work.Has("out/good.csv"));
        Assert.Contains("limit-exceeded", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_file_costs_that_file_and_exit_4()
    {
        using var work = Folder().With("in/other.csv", "name\nAda\n");

        var answer = await Typed.Async("run", "plan.yaml", "-j", "2");

        var size = Directory.GetFiles("in").Sum(file => new FileInfo(file).Length);
        Assert.StartsWith($"small   3 files   {size} B  ->", answer.Out, StringComparison.Ordinal);
        Assert.Equal(4, answer.ExitCode);
        Assert.Equal("id,value\n1,10\n3,7.5\n", work.Read("out/good.csv"));
        Assert.False(work.Has("out/other.csv"));
        Assert.Contains("failed   in/other.csv  missing-label", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_every_file_fails_the_exit_code_is_1()
    {
        using var work = new WorkFolder().With("plan.yaml", Plans.Small).With("in/broken.csv", "id,\"value\n1,2\n");

        Assert.Equal(1, (await Typed.Async("run", "plan.yaml")).ExitCode);
    }

    [Theory]
    [InlineData("parse: {valeu: decimal}", "5:13")]
    [InlineData("filter: 1 < valeu", "5:17")]
    [InlineData("rename: {valeu: worth}", "5:14")]
    [InlineData("trim: [valeu]", "5:12")]
    [InlineData("normalize_headers: {map: {valeu: worth}}", "5:31")]
    public async Task A_column_that_no_input_has_is_a_mistake_of_the_plan_and_nothing_is_written(string step, string place)
    {
        using var work = new WorkFolder().With("sub/plan.yaml", $"plan: 1\nname: p\nread: {{files: \"*.csv\"}}\nsteps:\n  - {step}\nwrite: out/{{name}}.csv\n")
            .With("sub/a.csv", "id,value\n1,2\n");
        var expected = $"sub/plan.yaml:{place}: Step {step[..step.IndexOf(':', StringComparison.Ordinal)]} speaks of the column 'valeu', which is not there. The nearest name is 'value'. There are 'id', 'value'.";

        foreach (var typed in new string[][] { ["run", "sub/plan.yaml"], ["run", "sub/plan.yaml", "-n"], ["preview", "sub/plan.yaml", "sub/a.csv"] })
        {
            var answer = await Typed.Async(typed);

            Assert.Equal(2, answer.ExitCode);
            Assert.StartsWith(expected, answer.Error, StringComparison.Ordinal);
            Assert.Empty(answer.Out);
            Assert.False(work.Has("sub/out"));
        }
    }

    [Fact]
    public async Task A_column_that_one_input_has_is_no_mistake_of_the_plan_and_the_others_fail_with_its_place()
    {
        using var work = new WorkFolder().With("plan.yaml", Plans.Small).With("in/a.csv", "id,valeu\n1,2\n").With("in/b.csv", "id\n1\n").With("in/c.csv", "id,value\n1,2\n");

        var some = await Typed.Async("run", "plan.yaml");
        var none = await Typed.Async("run", "plan.yaml", "in/a.csv", "in/b.csv");

        Assert.Equal(4, some.ExitCode);
        Assert.Contains("failed   in/a.csv  missing-label: plan.yaml:5:13: Step parse speaks of the column 'value', which is not there. The nearest name is 'valeu'.", some.Out, StringComparison.Ordinal);
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("None of 2 inputs has all columns of the plan; this is in/a.csv.", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_normalize_headers_made_of_the_names_is_told()
    {
        using var work = new WorkFolder()
            .With("plan.yaml", "plan: 1\nname: p\nread: {files: \"in/*.csv\"}\nsteps:\n  - normalize_headers\nwrite: out/{name}.csv\n")
            .With("in/a.csv", "Order ID,id,id\n1,2,3\n").With("in/b.csv", "Order ID,id,id\n1,2,3\n").With("in/c.csv", "id,Wert\n1,2\n").With("in/d.csv", "id,value\n1,2\n");

        var answer = await Typed.Async("run", "plan.yaml");
        var again = await Typed.Async("run", "plan.yaml");

        const string names = "\n\n  names    \"Order ID\" -> order_id · \"id\" -> id_2   2 files\n           \"Wert\" -> wert   in/c.csv\n";
        Assert.Contains(names, answer.Out, StringComparison.Ordinal);
        Assert.Contains(names, again.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_without_a_result_is_told_with_its_column_and_its_cells_escaped()
    {
        using var work = new WorkFolder()
            .With("in/a.csv", "value,note\n1,\u001b[2J\n4,x\n")
            .With("plan.yaml", "plan: 1\nname: p\nread: {files: \"in/*.csv\"}\nsteps:\n  - derive: {share: value / (length(note) - 4)}\nwrite: out/{name}.csv\n");

        var run = await Typed.Async("run", "plan.yaml");
        var shown = await Typed.Async("rejects", "show");

        Assert.Contains("first: in/a.csv:2  share  \"value = 1, note = \\x1b[2J\"  expression-error\n", run.Out, StringComparison.Ordinal);
        Assert.StartsWith("in/a.csv:2  expression-error  share  \"value = 1, note = \\x1b[2J\"  Division by zero. The formula of share is value / (length(note) - 4).\n", shown.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_thousand_inputs_without_the_column_each_is_judged_for_itself()
    {
        using var work = new WorkFolder().With("plan.yaml", Plans.Small);
        for (var i = 0; i < 1_000; i++)
        {
            work.With($"in/{i}.csv", "id\n1\n");
        }

        var answer = await Typed.Async("run", "plan.yaml");

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("1,000 failed", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Problems_of_a_plan_are_told_with_their_places_before_anything_is_written()
    {
        using var work = Folder().With("plan.yaml", "plan: 1\nname: wrong\nsteps:\n  - trimm: all\n  - filter: value =< 3\nwrite: out/{name}.csv\n");

        var answer = await Typed.Async("run", "plan.yaml");

        Assert.Equal(2, answer.ExitCode);
        Assert.Empty(answer.Out);
        Assert.False(work.Has("out"));
        Approved.Matches("run-bad-plan", answer.Error);
    }

    [Fact]
    public async Task When_no_input_matches_nothing_is_written_and_the_exit_code_is_2()
    {
        using var work = new WorkFolder().With("plan.yaml", Plans.Small);

        var answer = await Typed.Async("run", "plan.yaml");

        Assert.Equal(2, answer.ExitCode);
        Assert.False(work.Has("out"));
        Approved.Matches("run-no-input", answer.Error.Replace(work.Path, "WORK", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Outputs_go_below_the_folder_that_out_names()
    {
        using var work = Folder();

        var answer = await Typed.Async("run", "plan.yaml", "in/good.csv", "--out", "elsewhere");

        Assert.Equal(0, answer.ExitCode);
        Assert.False(work.Has("out"));
        Assert.True(work.Has("elsewhere/out/good.csv"));
    }

    [Fact]
    public async Task A_quiet_run_says_nothing()
    {
        using var work = Folder();

        var answer = await Typed.Async("run", "plan.yaml", "-q");

        Assert.Equal((0, "", ""), (answer.ExitCode, answer.Out, answer.Error));
    }

    [Fact]
    public async Task Events_are_logged_with_batch_file_attempt_worker_and_process()
    {
        using var work = Folder();

        var answer = await Typed.Async("run", "plan.yaml", "-v", "--log", "run.log");

        var line = work.Read("run.log").Split('\n').First(line => line.Contains("file=in/good.csv", StringComparison.Ordinal));
        Assert.Contains($"pid={Environment.ProcessId} batch=small-", line, StringComparison.Ordinal);
        Assert.Contains("attempt=1 worker=", line, StringComparison.Ordinal);
        Assert.Contains("file=in/good.csv", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_run_exits_130_and_leaves_no_part_of_an_output()
    {
        using var work = Folder();

        var answer = await Typed.Async(["run", "plan.yaml"], new CancellationToken(canceled: true));

        Assert.Equal(130, answer.ExitCode);
        Assert.False(work.Has("out/good.csv"));
        Assert.Equal(0, (await Typed.Async("run", "plan.yaml")).ExitCode);
    }

    [Fact]
    public async Task A_cancelled_run_that_should_print_json_says_so_instead()
    {
        using var work = Folder();

        var answer = await Typed.Async(["run", "plan.yaml", "-o", "json"], new CancellationToken(canceled: true));

        Assert.Equal(130, answer.ExitCode);
    }

    [Fact]
    public async Task Progress_as_json_does_not_mix_with_the_report()
    {
        using var work = Folder();

        var answer = await Typed.Async("run", "plan.yaml", "-o", "json", "--progress", "json");

        Assert.Equal("done", JsonDocument.Parse(answer.Out).RootElement.GetProperty("status").GetString());
    }

    /// <summary>The ledger without the one thing that differs from run to run.</summary>
    internal static string Timeless(string ledger)
    {
        var end = ledger.IndexOf('\n', StringComparison.Ordinal);
        return string.Join("   ", ledger[..end].Split("   ")[..^1]) + ledger[end..];
    }

    private static WorkFolder Folder() =>
        new WorkFolder().With("plan.yaml", Plans.Small).With("in/good.csv", Good).With("in/bad.csv", Bad);
}
