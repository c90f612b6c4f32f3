using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests;

/// <summary>The built command as a process of its own, stopped in the middle of a file.</summary>
public sealed class SignalTests
{
    [UnixTheory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("KILL", 137)]
    public async Task A_stopped_run_leaves_no_part_of_an_output_and_the_same_command_continues(string signal, int exitCode)
    {
        using var work = new WorkFolder().With("plan.yaml", Plans.Small).With("in/small.csv", "id,value\n1,2\n");
        WriteLarge("in/large.csv");
        using var run = CommandProcess.Start("run", "plan.yaml", "-v", "-j", "1");

        // The largest file comes first: once an event speaks of it, a worker is on it for some seconds.
        await WaitForLineAsync(run.StandardError, "file=in/large.csv attempt=1 worker=1 event=started");
        await run.SignalAsync(signal);

        await run.StandardError.ReadToEndAsync();
        await run.WaitForExitAsync();

        Assert.Equal(exitCode, run.ExitCode);
        Assert.False(work.Has("out/large.csv"));
        Assert.DoesNotContain(Directory.GetFiles("out"), path => new FileInfo(path).Length > 100);

        using var again = CommandProcess.Start("run", "plan.yaml", "-q", "-j", "1");
        await again.WaitForExitAsync();
        Assert.Equal(0, again.ExitCode);
        Assert.Equal("id,value\n1,2\n", work.Read("out/small.csv"));
        Assert.Equal(new FileInfo("in/large.csv").Length, new FileInfo("out/large.csv").Length);
    }

    private static void WriteLarge(string path)
    {
        var block = string.Concat(Enumerable.Range(100_000, 100_000).Select(i => $"{i},{i}.25\n"));
        using var file = new StreamWriter(path);
        file.Write("id,value\n");
        for (var i = 0; i < 20; i++)
        {
            file.Write(block);
        }
    }

    private static async Task WaitForLineAsync(StreamReader reader, string part)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Contains(part, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The command ended before a line said '{part}'.");
    }
}
