using System.Text.RegularExpressions;

namespace OrleansClean.Repository.Tests;

public sealed partial class TidinessTests
{
    private static readonly string[] TextEndings =
        [".cs", ".csproj", ".props", ".targets", ".sln", ".slnf", ".md", ".yaml", ".yml", ".json", ".sh", ".txt", ".editorconfig", ".ci/run", "LICENSE"];

    [Fact]
    public void No_tracked_file_names_a_package_registry_s_host()
    {
        // Built from parts, so that this file does not hold what it looks for.
        string[] hosts = ["nuget" + ".org", "npmjs" + ".org", "pypi" + ".org", "debian" + ".org", "crates" + ".io", "artifact" + "ory"];

        var found = FindLines(House.FilesEndingIn(TextEndings), line => hosts.Any(host => line.Contains(host, StringComparison.OrdinalIgnoreCase)));

        AssertNone(found, "A registry's host name belongs to the machine, not to the repository: use the registry's ordinary client as it is set up.");
    }

    [Fact]
    public void No_tracked_file_holds_a_path_of_one_machine()
    {
        string[] places = ["/wo" + "rk/", "/ho" + "me/", "/ro" + "ot/", "/Use" + "rs/", @"C:\Us" + "ers"];

        var found = FindLines(House.FilesEndingIn(TextEndings), line => places.Any(place => line.Contains(place, StringComparison.Ordinal)));

        AssertNone(found, "An absolute path works on one machine only: write it relative to the repository's root.");
    }

    [Fact]
    public void Nothing_in_the_code_is_left_for_later()
    {
        var code = House.FilesEndingIn(".cs").Where(file => !file.EndsWith("/TidinessTests.cs", StringComparison.Ordinal)).ToList();
        Assert.Contains(code, file => file.StartsWith("src/", StringComparison.Ordinal));
        Assert.Contains(code, file => file.StartsWith("tests/", StringComparison.Ordinal));

        var found = FindLines(code, line => LeftForLater().IsMatch(line));

        AssertNone(found, "Finish it, delete it, or file an issue: code that says 'later' is not read later.");
    }

    [Fact]
    public void Source_files_stay_short_enough_to_read()
    {
        const int linesMax = 330;
        var sources = House.FilesEndingIn(".cs").Where(file => file.StartsWith("src/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(sources);

        var tooLong = sources
            .Select(file => (File: file, Lines: House.Lines(file).Length))
            .Where(file => file.Lines > linesMax)
            .Select(file => $"{file.File}: {file.Lines} lines")
            .ToList();

        // A taste, not a law: one file in twenty may have a reason. More of them, and a second idea has moved in.
        Assert.True(tooLong.Count <= Math.Max(1, sources.Count / 20), $"More than {linesMax} lines:\n{string.Join('\n', tooLong)}");
    }

    [GeneratedRegex(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK|NotImplemented" + @"Exception)\b|Not built " + "yet", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex LeftForLater();

    private static List<string> FindLines(IReadOnlyList<string> files, Predicate<string> isWrong)
    {
        Assert.NotEmpty(files);
        return [.. files.SelectMany(file => House.Lines(file)
            .Select((line, index) => (line, index))
            .Where(entry => isWrong(entry.line))
            .Select(entry => $"{file}:{entry.index + 1}: {Shorten(entry.line.Trim())}"))];
    }

    private static string Shorten(string line) => line.Length <= 120 ? line : line[..120] + "…";

    private static void AssertNone(List<string> found, string why) =>
        Assert.True(found.Count == 0, $"{why}\n{string.Join('\n', found)}");
}
