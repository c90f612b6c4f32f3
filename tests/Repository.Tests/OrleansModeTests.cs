namespace OrleansClean.Repository.Tests;

/// <summary>How a build finds out whether the package feed carries Orleans.</summary>
public sealed class OrleansModeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateDirectory(Path.Combine(House.Root, "artifacts", $"orleans-probe-{Guid.NewGuid():n}"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_feed_that_lacks_Orleans_means_absent()
    {
        var (exitCode, output, error) = Ask(_folder.CreateSubdirectory("feed").FullName);

        Assert.True((exitCode, output) == (0, "absent\n"), $"{exitCode}: {output}{error}");
    }

    [Fact]
    public void A_feed_that_cannot_be_reached_means_nothing()
    {
        // Nobody listens on the port that is kept for discarding.
        var (exitCode, output, error) = Ask("https://127.0.0.1:9/index.json");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("NU1301", error, StringComparison.Ordinal);
    }

    private (int ExitCode, string Output, string Error) Ask(string feed) => Command.StartProgram(
        "bash",
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["RestoreSources"] = feed,
            ["NUGET_PACKAGES"] = _folder.CreateSubdirectory("packages").FullName,
            ["MSBUILDDISABLENODEREUSE"] = "1",

            // One try is enough, and nothing of what is found matters here.
            ["NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT"] = "1",
            ["NuGetAudit"] = "false",
        },
        [House.FullPath("eng/orleans-mode.sh"), _folder.CreateSubdirectory("probe").FullName]);
}
