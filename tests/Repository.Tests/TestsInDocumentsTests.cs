using System.Text.RegularExpressions;

namespace OrleansClean.Repository.Tests;

/// <summary>A document that says what holds something names a test, and the test is there under that name.</summary>
public sealed partial class TestsInDocumentsTests
{
    private static readonly IReadOnlyList<string> Sources =
        [.. House.FilesEndingIn(".cs").Where(file => file.StartsWith("tests/", StringComparison.Ordinal)).Select(House.Read)];

    [Theory]
    [InlineData("docs/security.md", 50)]
    [InlineData("docs/from-multiprocessing.md", 20)]
    public void A_page_that_promises_tests_names_them(string page, int namedMin)
    {
        var named = NamedTest().Count(House.Read(page));

        Assert.True(named >= namedMin, $"{page} names {named} tests.");
    }

    [Fact]
    public void Every_test_that_a_document_names_exists()
    {
        var missing = Named(NamedTest())
            .Where(test => !Sources.Any(source => HasClass(source, test.Class) && source.Contains($" {test.Method}(", StringComparison.Ordinal)))
            .Select(test => $"{test.Document}: {test.Class}.{test.Method}")
            .ToList();

        Assert.True(missing.Count == 0, $"Documents name tests that do not exist:\n{string.Join('\n', missing)}");
    }

    [Fact]
    public void Every_class_of_tests_that_a_document_names_exists()
    {
        var missing = Named(NamedClass())
            .Where(test => !Sources.Any(source => HasClass(source, test.Class)))
            .Select(test => $"{test.Document}: {test.Class}")
            .ToList();

        Assert.True(missing.Count == 0, $"Documents name classes of tests that do not exist:\n{string.Join('\n', missing)}");
    }

    private static List<(string Document, string Class, string Method)> Named(Regex pattern)
    {
        var named = House.FilesEndingIn(".md")
            .SelectMany(document => pattern.Matches(House.Read(document)).Select(match => (document, match.Groups["class"].Value, match.Groups["method"].Value)))
            .Distinct()
            .ToList();
        Assert.NotEmpty(named);
        return named;
    }

    private static bool HasClass(string source, string name) => Regex.IsMatch(source, $@" class {name}\b", RegexOptions.NonBacktracking);

    [GeneratedRegex("`(?<class>[A-Z][A-Za-z]+)\\.(?<method>[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+)+)`", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NamedTest();

    [GeneratedRegex("`(?<class>[A-Z][A-Za-z]+(Tests|Contract))`(?<method>)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NamedClass();
}
