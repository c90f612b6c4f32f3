using System.Text.RegularExpressions;

namespace OrleansClean.Repository.Tests;

/// <summary><c>docs/security.md</c> names a test for each control; the tests are there under these names.</summary>
public sealed partial class SecurityTests
{
    private const string Page = "docs/security.md";

    [Fact]
    public void Every_threat_has_a_control_and_a_test()
    {
        foreach (var row in MarkdownTable.Rows(Page, "Threats"))
        {
            Assert.True(row.Length == 4 && row.All(cell => cell.Length > 0), $"{Page}: {row[0]} needs a threat, a control and tests.");
            Assert.Matches("^S[0-9]+$", row[0]);
            Assert.True(NamedTest().IsMatch(row[3]), $"{Page}: {row[0]} names no test.");
        }
    }

    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        var named = NamedTest().Matches(House.Read(Page)).Select(match => (Class: match.Groups["class"].Value, Method: match.Groups["method"].Value)).Distinct().ToList();
        Assert.True(named.Count > 20, $"{named.Count} tests are named.");
        var sources = House.FilesEndingIn("Tests.cs", ".Staging.cs", ".Documents.cs", ".Logs.cs", "Contract.cs")
            .Where(file => file.StartsWith("tests/", StringComparison.Ordinal)).Select(House.Read).ToList();

        var missing = named.Where(test => !sources.Any(source =>
            source.Contains($" class {test.Class}", StringComparison.Ordinal) && source.Contains($" {test.Method}(", StringComparison.Ordinal)));

        Assert.True(!missing.Any(), $"{Page} names tests that do not exist: {string.Join(", ", missing.Select(test => $"{test.Class}.{test.Method}"))}");
    }

    [GeneratedRegex("`(?<class>[A-Z][A-Za-z]+)\\.(?<method>[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+)+)`", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NamedTest();
}
