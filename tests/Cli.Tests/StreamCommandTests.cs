using System.Diagnostics;
using System.Text;
using OrleansClean.Cli.Tests.Vocabulary;
using OrleansClean.Execution;

namespace OrleansClean.Cli.Tests;

public sealed class StreamCommandTests
{
    private const string Barrier = """
        plan: 1
        name: barrier
        steps: [{filter: value < max(value)}]
        write: out/{name}.csv
        """;

    [Fact]
    public async Task Rows_go_to_standard_output_the_ledger_to_standard_error_and_rejects_where_they_are_asked_for()
    {
        using var work = new WorkFolder().With("plan.yaml", Plans.Small.Replace("steps:", "write: {to: 'out/{name}.csv', newline: crlf}\nsteps:", StringComparison.Ordinal).Replace("\nwrite: out/{name}.csv", "", StringComparison.Ordinal));

        var (answer, bytes) = await Typed.StreamAsync("id,value\n1,2\n2,x\n"u8.ToArray(), "run", "plan.yaml", "-", "--rejects", "bad.jsonl", "--progress", "none");

        Assert.Equal("id,value\r\n1,2\r\n", Encoding.UTF8.GetString(bytes));
        Assert.Equal(0, answer.ExitCode);
        Assert.Empty(answer.Out);
        Assert.Contains("2 in = 1 out + 0 dropped + 1 rejected   balanced", answer.Error, StringComparison.Ordinal);
        Assert.Contains("->  standard output   ", answer.Error, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"type-error\"", work.Read("bad.jsonl"), StringComparison.Ordinal);
        Assert.False(work.Has("out"));
    }

    [Fact]
    public async Task The_report_is_JSON_on_standard_error_if_asked_for_and_flags_decide_the_exit()
    {
        using var work = new WorkFolder().With("plan.yaml", Plans.Small);

        var (answer, _) = await Typed.StreamAsync("id,value\n1,2\n2,x\n"u8.ToArray(), "run", "plan.yaml", "-", "-o", "json", "--fail-on", "rejects", "-q");

        Assert.Equal(ExitCodes.FailOnMatched, answer.ExitCode);
        Assert.Equal(1, System.Text.Json.JsonDocument.Parse(answer.Error).RootElement.GetProperty("ledger").GetProperty("rows").GetProperty("rejected").GetInt32());
    }

    [Fact]
    public async Task An_input_that_cannot_be_cleaned_exits_1_and_says_why()
    {
        using var work = new WorkFolder().With("plan.yaml", Plans.Small);

        var (answer, bytes) = await Typed.StreamAsync("id,\"value\n1,2\n"u8.ToArray(), "run", "plan.yaml", "-", "-q");

        Assert.Equal(ExitCodes.Failed, answer.ExitCode);
        Assert.Empty(bytes);
        Assert.Contains("unterminated-quote", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_without_a_column_of_the_plan_exits_2_with_its_place()
    {
        using var work = new WorkFolder().With("plan.yaml", Plans.Small);

        var (answer, bytes) = await Typed.StreamAsync("id,other\n1,2\n"u8.ToArray(), "run", "plan.yaml", "-", "-q");

        Assert.Equal(ExitCodes.Usage, answer.ExitCode);
        Assert.Empty(bytes);
        Assert.StartsWith("plan.yaml:5:13: Step parse speaks of the column 'value', which is not there.", answer.Error, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_reader_that_has_seen_enough_ends_the_stream_quietly()
    {
        using var work = new WorkFolder().With("plan.yaml", Plans.Small);
        using var run = CommandProcess.Start("run", "plan.yaml", "-", "--progress", "none");
        var feeding = FeedAsync(run, Plans.Small.Length);
        Assert.Equal("id,value", await run.StandardOutput.ReadLineAsync());
        run.StandardOutput.Close();

        var said = await run.StandardError.ReadToEndAsync();
        await run.WaitForExitAsync();
        await feeding;

        Assert.Equal("", said);
        Assert.Equal(ExitCodes.ReaderGone, run.ExitCode);
    }

    [UnixTheory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("KILL", 137)]
    public async Task A_stopped_stream_leaves_nothing_where_it_spilled(string signal, int exitCode)
    {
        using var work = new WorkFolder().With("plan.yaml", Barrier).With("temp/keep", "");
        using var run = CommandProcess.Start("run", "plan.yaml", "-", "--temp", "temp", "--progress", "none");
        var head = Encoding.UTF8.GetBytes("id,value\n" + string.Concat(Enumerable.Range(0, 400_000).Select(i => $"{i},{i}\n")));

        // More than a pipe and the chunks that are read ahead can hold: once all of it is taken, some of it is spilled.
        await run.StandardInput.BaseStream.WriteAsync(head);
        await run.StandardInput.BaseStream.FlushAsync();
        await run.SignalAsync(signal);

        var rows = await run.StandardOutput.ReadToEndAsync();
        await run.WaitForExitAsync();

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal("", rows);
        Assert.Equal(["keep"], Directory.GetFiles("temp").Select(path => Path.GetFileName(path)!));
    }

    private static async Task FeedAsync(Process run, int seed)
    {
        var rows = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(seed, 10_000).Select(i => $"{i},{i}\n")));
        try
        {
            await run.StandardInput.BaseStream.WriteAsync("id,value\n"u8.ToArray());
            while (true)
            {
                await run.StandardInput.BaseStream.WriteAsync(rows);
                await run.StandardInput.BaseStream.FlushAsync();
            }
        }
        catch (IOException)
        {
            // The command has ended, as it should.
        }
    }
}
