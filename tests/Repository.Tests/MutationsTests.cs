namespace OrleansClean.Repository.Tests;

/// <summary>Most mutations are tried in the long tier only: that they still fit the code is seen in every run.</summary>
public sealed class MutationsTests
{
    private const int LinesMax = 60;

    [Fact]
    public void Every_patch_is_small_applies_and_names_the_tests_that_must_notice()
    {
        var patches = Directory.GetFiles(House.FullPath("tests/Mutations"), "*.patch").Order(StringComparer.Ordinal).ToArray();

        Assert.NotEmpty(patches);
        foreach (var patch in patches)
        {
            var name = Path.GetFileName(patch);
            var lines = File.ReadAllLines(patch);
            Assert.True(lines.Length <= LinesMax, $"{name} changes more than one rule.");
            Assert.True(lines.Any(line => line.StartsWith("# must fail: ", StringComparison.Ordinal)), $"{name} does not say which tests must notice.");
            var (exitCode, _, error) = Command.StartProgram("git", "apply", "--check", patch);
            Assert.True(exitCode == 0, $"{name} does not apply any more; tests/Mutations/run.sh says how to renew it.\n{error}");
        }
    }
}
