using System.Text.RegularExpressions;

namespace OrleansClean.Repository.Tests;

/// <summary><c>docs/security.md</c> names a control and a test for each threat. That tests of these names exist: <see cref="TestsInDocumentsTests"/>.</summary>
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

    [GeneratedRegex("`(?<class>[A-Z][A-Za-z]+)\\.(?<method>[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+)+)`", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NamedTest();
}
