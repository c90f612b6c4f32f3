using System.Text.RegularExpressions;
using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests;

public sealed partial class DemoCommandTests
{
    [Fact]
    public async Task The_demo_finds_every_planted_defect_and_nothing_else()
    {
        using var work = new WorkFolder();

        var answer = await Typed.Async("demo", "--keep", "mess");

        Assert.True(answer.ExitCode == 0, answer.Out + answer.Error);
        Assert.DoesNotContain("WRONG", answer.Out, StringComparison.Ordinal);
        Assert.Equal(6, answer.Out.Split('\n').Count(line => line.StartsWith("  ok   ", StringComparison.Ordinal)));
        Assert.True(work.Has("mess/plan.yaml"));
        HoldsWhatTheReadmeShows(answer.Out);
    }

    [Fact]
    public async Task The_demo_does_not_fill_a_folder_that_holds_something()
    {
        using var work = new WorkFolder().With("mess/mine.csv", "id\n");

        Assert.Equal(2, (await Typed.Async("demo", "--keep", "mess")).ExitCode);
        Assert.False(work.Has("mess/plan.yaml"));
    }

    /// <summary>What the README shows of the demo is what it prints, lines left out and in this order.</summary>
    private static void HoldsWhatTheReadmeShows(string output)
    {
        const string begin = "```text\n$ orleansclean demo\n";
        var readme = File.ReadAllText(Path.Combine(WorkingTree.Root, "README.md"));
        var shown = readme[(readme.IndexOf(begin, StringComparison.Ordinal) + begin.Length)..].Split("\n```")[0].Split('\n')
            .Where(line => line is not ("" or "…"))
            .Select(Steady)
            .ToList();
        Assert.True(shown.Count > 15, $"The transcript has {shown.Count} lines.");

        var printed = new Queue<string>(output.Split('\n').Select(Steady));
        foreach (var line in shown)
        {
            while (printed.Count > 0 && printed.Peek() != line)
            {
                printed.Dequeue();
            }

            Assert.True(printed.TryDequeue(out _), $"The demo does not print this line of the README, or not at this place: {line}\n{output}");
        }
    }

    /// <summary>The line without what differs between machines and runs: times, rates, the number of workers, the folder.</summary>
    private static string Steady(string line) => OfThisRun().Replace(line, "#");

    [GeneratedRegex(@"([0-9]+ min )?[0-9.,]+ ([kMG]?B/s|s|times as fast|workers?)\b|in a temporary folder|in mess/$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex OfThisRun();
}
