using OrleansClean.Batches.Tests.Worlds;

namespace OrleansClean.Batches.Tests;

/// <summary>
/// Stories of batches with everything around them, in <c>Scenarios/Worlds/*.txt</c>: failures that the simulation found, and dangers that
/// were thought of before. With UPDATE_SCENARIOS=1 they are written anew, and the review reads the difference.
/// </summary>
public class WorldStoryTests
{
    private static readonly string Folder = Path.Combine(Scenarios.Folder, "Worlds");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.txt").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_story_happens_as_it_is_told(string name)
    {
        var path = Path.Combine(Folder, name);
        var told = File.ReadAllText(path);
        var happened = WorldStory.Tell(told);
        if (Environment.GetEnvironmentVariable("UPDATE_SCENARIOS") == "1")
        {
            File.WriteAllText(path, happened);
        }

        Assert.Equal(told, happened);
        Assert.DoesNotContain("BROKEN", happened, StringComparison.Ordinal);
        Assert.DoesNotContain("makes no sense here", happened, StringComparison.Ordinal);
        Assert.EndsWith("ended", happened.TrimEnd('\n').Split("\n    ")[^1].Split(' ')[0], StringComparison.Ordinal);
    }
}
