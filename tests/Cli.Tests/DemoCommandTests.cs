using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests;

public sealed class DemoCommandTests
{
    [Fact]
    public async Task The_demo_finds_every_planted_defect_and_nothing_else()
    {
        using var work = new WorkFolder();

        var answer = await Typed.Async("demo", "--keep", "mess", "--seed", "7");

        Assert.True(answer.ExitCode == 0, answer.Out + answer.Error);
        Assert.DoesNotContain("WRONG", answer.Out, StringComparison.Ordinal);
        Assert.Equal(6, answer.Out.Split('\n').Count(line => line.StartsWith("  ok   ", StringComparison.Ordinal)));
        Assert.True(work.Has("mess/plan.yaml"));
    }

    [Fact]
    public async Task The_demo_does_not_fill_a_folder_that_holds_something()
    {
        using var work = new WorkFolder().With("mess/mine.csv", "id\n");

        Assert.Equal(2, (await Typed.Async("demo", "--keep", "mess")).ExitCode);
        Assert.False(work.Has("mess/plan.yaml"));
    }
}
