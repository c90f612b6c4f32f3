using System.Text;
using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests.Mapping;

public sealed class MapCommandTests
{
    [Fact]
    public async Task Results_are_printed_in_the_order_of_inputs_and_the_summary_beside_them()
    {
        using var work = new WorkFolder().With("in.txt", "0\n1\nx\n");

        var answer = await Typed.Async("map", "square", "--inputs", "in.txt", "-j", "2");

        Assert.Equal(4, answer.ExitCode);
        Approved.Matches("map", answer.Out);
        Assert.Matches("^square   3 inputs   2 workers   [0-9.]+ s(   [0-9,]+ inputs/s)?\n  2 ok   1 failed\n  input 2 \"x\": type-error: ", answer.Error);
    }

    [Fact]
    public async Task Inputs_may_come_from_standard_input()
    {
        var answer = await Typed.Async(Encoding.UTF8.GetBytes("2\n3"), "map", "square", "--inputs", "-", "-o", "text", "-q");

        Assert.Equal((0, "4\n9\n", ""), (answer.ExitCode, answer.Out, answer.Error));
    }

    [Fact]
    public async Task No_inputs_are_no_results_and_no_failure()
    {
        var answer = await Typed.Async([], "map", "square", "--inputs", "-");

        Assert.Equal((0, ""), (answer.ExitCode, answer.Out));
        Assert.Contains("0 ok   0 failed", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1\n2\n", 0)]
    [InlineData("1\nx\n", 4)]
    [InlineData("x\ny\n", 1)]
    public async Task The_exit_code_says_whether_all_some_or_no_inputs_have_a_result(string inputs, int exitCode) =>
        Assert.Equal(exitCode, (await Typed.Async(Encoding.UTF8.GetBytes(inputs), "map", "square", "--inputs", "-", "-q")).ExitCode);

    [Fact]
    public async Task The_article_s_tasks_with_a_limit_in_time_end_as_they_are_ready()
    {
        var answer = await Typed.Async(
            Encoding.UTF8.GetBytes("0.01\n3600\n0.02\n"), "map", "sleep", "--inputs", "-", "--as-completed", "--input-timeout", "2s", "-j", "3", "--chunk-size", "1");

        Assert.Equal(4, answer.ExitCode);
        var lines = answer.Out.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Contains("\"code\":\"input-timeout\"", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Time_that_is_up_has_its_own_exit_code()
    {
        var answer = await Typed.Async(Encoding.UTF8.GetBytes("0\n3600\n"), "map", "sleep", "--inputs", "-", "--timeout", "1s", "-j", "1", "-o", "text");

        Assert.Equal((5, "0\n"), (answer.ExitCode, answer.Out));
    }

    [Fact]
    public async Task One_number_for_all()
    {
        var answer = await Typed.Async(Encoding.UTF8.GetBytes("1\n2\n3\n"), "map", "square", "--inputs", "-", "--reduce", "sum", "-q");

        Assert.Equal("{\"reduce\":\"sum\",\"inputs\":3,\"failed\":0,\"result\":14}\n", answer.Out);
    }

    [Fact]
    public async Task Results_go_to_a_folder_and_the_same_command_finds_them_there()
    {
        using var work = new WorkFolder().With("in.txt", "1\n2\nx\n");

        var answer = await Typed.Async("map", "square", "--inputs", "in.txt", "--out", "results", "-o", "text");

        Assert.Equal((4, ""), (answer.ExitCode, answer.Out));
        Assert.Contains($"  -> {Path.Combine("results", "square.txt")}\n", answer.Error, StringComparison.Ordinal);
        Assert.Equal("1\n4\n\n", work.Read("results/square.txt"));

        var again = await Typed.Async("map", "square", "--inputs", "in.txt", "--out", "results", "-o", "text");
        Assert.Contains("3 of 3 chunks were done before", again.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--inputs", "-", "--out needs a file of inputs")]
    [InlineData("--inputs", "in.txt", "--as-completed is for results that are printed", "--as-completed")]
    public async Task What_cannot_be_gone_on_with_is_refused(string option, string value, string reason, params string[] more)
    {
        using var work = new WorkFolder().With("in.txt", "1\n");

        var answer = await Typed.Async(["map", "square", option, value, "--out", "results", .. more]);

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains(reason, answer.Error, StringComparison.Ordinal);
        Assert.False(work.Has("results"));
    }

    [Fact]
    public async Task The_functions_that_come_along_are_listed()
    {
        var answer = await Typed.Async("map", "--list");

        Assert.Equal(0, answer.ExitCode);
        Approved.Matches("map-list", answer.Out);
        Assert.StartsWith("{\"name\":\"collatz\"", (await Typed.Async("map", "--list", "-o", "jsonl")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_as_JSON_has_inputs_and_failures()
    {
        var progress = new Cli.Mapping.MapProgress(bytes: 100);
        progress.Advance(new Execution.Mapping.LineMapProgress(1_204, 3));
        progress.Read(50);

        Assert.Equal("""{"inputs":1204,"failed":3,"seconds":2}""", progress.Json(TimeSpan.FromSeconds(2)));
        Assert.Equal("1,204 inputs   3 failed   50% read", progress.Line(TimeSpan.FromSeconds(2)));
        Assert.Equal(0.5, progress.Share);
    }
}
