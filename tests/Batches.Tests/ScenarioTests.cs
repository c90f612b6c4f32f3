using System.Text;

namespace OrleansClean.Batches.Tests;

/// <summary>
/// Stories of batches in <c>Scenarios/*.txt</c>: why, then each input and exactly what was decided. With UPDATE_SCENARIOS=1
/// the decisions are written anew, and the review reads the difference.
/// </summary>
public class ScenarioTests
{
    public static TheoryData<string> Names => [.. Directory.GetFiles(Scenarios.Folder, "*.txt").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_story_is_decided_as_it_is_told(string name)
    {
        var path = Path.Combine(Scenarios.Folder, name);
        var told = File.ReadAllText(path);
        var decided = Tell(told);
        if (Environment.GetEnvironmentVariable("UPDATE_SCENARIOS") == "1")
        {
            File.WriteAllText(path, decided);
        }

        Assert.Equal(told, decided);
    }

    [Fact]
    public void There_are_stories() => Assert.True(Names.Count >= 10);

    private static string Tell(string text)
    {
        var batch = new BatchUnderTest();
        var told = new StringBuilder();
        var isPreface = true;
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            isPreface &= line.Length > 0;
            if (isPreface || line.Length == 0 || line.StartsWith('#'))
            {
                told.Append(line).Append('\n');
            }
            else if (!line.StartsWith(' '))
            {
                told.Append(line).Append('\n');
                Feed(batch, line, told);
            }
        }

        return told.ToString();
    }

    private static void Feed(BatchUnderTest batch, string line, StringBuilder told)
    {
        switch (line)
        {
            case "crash":
                batch.Crash();
                return;
            case "roll":
                batch.Roll();
                batch.CheckReplay();
                return;
        }

        var decision = batch.Feed(ScenarioInput.Parse(line));
        batch.CheckReplay();
        foreach (var happened in decision.Events)
        {
            told.Append(happened.IsDurable ? "    event   " : "    noted   ").Append(Shown.Of(happened)).Append('\n');
        }

        foreach (var effect in decision.Effects)
        {
            told.Append("    effect  ").Append(Shown.Of(effect)).Append('\n');
        }

        if (decision.Answer is not BatchAnswer.Nothing)
        {
            told.Append("    answer  ").Append(Shown.Of(decision.Answer)).Append('\n');
        }
    }
}
