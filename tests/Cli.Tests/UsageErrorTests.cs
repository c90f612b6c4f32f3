using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests;

public sealed class UsageErrorTests
{
    private static readonly string[][] Wrong =
    [
        ["run"],
        ["run", "plan.yaml", "--wokers", "4"],
        ["run", "plan.yaml", "a.csv", "--wokers", "4"],
        ["run", "plan.yaml", "-x.csv"],
        ["run", "plan.yaml", "--xyzzy"],
        ["run", "plan.yaml", "-", "a.csv"],
        ["run", "plan.yaml", "-", "--force"],
        ["run", "plan.yaml", "-", "--temp", "nowhere"],
        ["run", "plan.yaml", "-", "-o", "jsonl"],
        ["run", "plan.yaml", "--rejects", "bad.jsonl"],
        ["bench", "plan.yaml", "-"],
        ["run", "nowhere.yaml"],
        ["run", "."],
        ["run", "plan.yaml", "-j", "0"],
        ["run", "plan.yaml", "-j", "many"],
        ["run", "plan.yaml", "-j"],
        ["run", "plan.yaml", "--cpus", "all"],
        ["run", "plan.yaml", "--memory", "2"],
        ["run", "plan.yaml", "--param", "year"],
        ["run", "plan.yaml", "--max-rejects", "most"],
        ["run", "plan.yaml", "--timeout", "soon"],
        ["run", "plan.yaml", "--fail-on", "errors"],
        ["run", "plan.yaml", "-o", "xml"],
        ["run", "plan.yaml", "--progress", "fancy"],
        ["rnu", "plan.yaml"],
        ["rnu", "--help"],
        ["frobnicate"],
        ["--verison"],
        ["rejects", "shwo"],
        ["rejects"],
        ["preview", "plan.yaml"],
        ["preview", "plan.yaml", "missing.csv"],
        ["why", "a.csv"],
        ["why", "a.csv:0"],
        ["inspect"],
        ["inspect", "missing.csv"],
        ["inspect", "."],
        ["inspect", "-"],
        ["demo", "--seed", "x"],
        ["demo", "extra"],
        ["version", "now"],
        ["map"],
        ["map", "square"],
        ["map", "sqare", "--inputs", "a.csv"],
        ["map", "square", "--inputs", "missing.txt"],
        ["map", "square", "--inputs", "."],
        ["map", "square", "--inputs", "a.csv", "--param", "y=1"],
        ["map", "square", "--inputs", "a.csv", "--chunk-size", "0"],
        ["map", "square", "--inputs", "a.csv", "--reduce", "avg"],
        ["map", "sleep", "--inputs", "a.csv", "--memo", "10"],
        ["map", "square", "--inputs", "a.csv", "--worker-memory", "1GB"],
        ["map", "square", "--inputs", "a.csv", "--library", "missing.dll"],
        ["run", "plan.yaml", "--esc\u001b[31m"],
    ];

    [Fact]
    public async Task A_command_line_that_cannot_be_carried_out_says_what_is_wrong_and_what_to_type()
    {
        using var work = new WorkFolder().With("plan.yaml", Plans.Small).With("a.csv", "id,value\n1,2\n");
        var text = new System.Text.StringBuilder();
        foreach (var words in Wrong)
        {
            var answer = await Typed.Async(words);

            Assert.Equal(2, answer.ExitCode);
            Assert.Empty(answer.Out);
            text.Append("$ orleansclean ").AppendJoin(' ', words.Select(Output.ShellWord.Of)).Append('\n');
            text.Append(answer.Error.Split("\n\n")[0].TrimEnd('\n')).Append("\n\n");
        }

        Assert.False(work.Has("out"));
        Approved.Matches("usage-errors", text.ToString());
    }

    [Fact]
    public async Task A_word_behind_two_dashes_is_a_file_even_if_it_looks_like_an_option()
    {
        using var work = new WorkFolder().With("-x.csv", "id,value\n1,2\n");

        var answer = await Typed.Async("inspect", "--", "-x.csv");

        Assert.Equal(0, answer.ExitCode);
        Assert.StartsWith("-x.csv ", answer.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inspect", "pipe.csv")]
    [InlineData("why", "pipe.csv:2", "--plan", "plan.yaml")]
    [InlineData("preview", "plan.yaml", "pipe.csv")]
    public async Task A_pipe_is_refused_and_nobody_waits_for_it(params string[] typed)
    {
        using var work = new WorkFolder().With("plan.yaml", Plans.Small);
        using (var make = System.Diagnostics.Process.Start("mkfifo", "pipe.csv"))
        {
            await make.WaitForExitAsync();
        }

        var answer = await Typed.Async(typed);

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("'pipe.csv' is a pipe, socket or device.", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_whose_name_begins_with_an_at_sign_is_a_file()
    {
        using var work = new WorkFolder().With("@x.csv", "id,value\n1,2\n");

        var answer = await Typed.Async("inspect", "@x.csv");

        Assert.Equal(0, answer.ExitCode);
        Assert.StartsWith("@x.csv ", answer.Out, StringComparison.Ordinal);
    }
}
