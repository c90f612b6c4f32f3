using System.Reflection;
using OrleansClean.Cleaning;

namespace OrleansClean.Repository.Tests;

public sealed class ErrorCodesTests
{
    [Fact]
    public void Every_code_is_documented_and_every_documented_code_exists()
    {
        var codes = Codes();
        Assert.NotEmpty(codes);

        Assert.Equal(codes.Order(StringComparer.Ordinal), Sections().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_code_is_a_word_of_lower_case_letters_and_hyphens()
    {
        Assert.NotEmpty(Codes());
        Assert.All(Codes(), code => Assert.Matches("^[a-z]+(-[a-z]+)+$", code));
    }

    [Fact]
    public void Every_code_has_one_paragraph_that_says_what_it_costs_and_one_hint()
    {
        var sections = Sections();
        Assert.NotEmpty(sections);

        foreach (var (code, paragraphs) in sections)
        {
            Assert.True(paragraphs.Count == 2, $"{code} has {paragraphs.Count} paragraphs: one that explains it and one hint are expected.");
            Assert.True(paragraphs[0].StartsWith("Costs ", StringComparison.Ordinal), $"{code}: say first what it costs.");
            Assert.True(paragraphs[1].StartsWith("**Hint:** ", StringComparison.Ordinal), $"{code}: the second paragraph is the hint.");
        }
    }

    private static List<string> Codes() =>
        [.. typeof(ProblemCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!)];

    private static Dictionary<string, List<string>> Sections() =>
        House.Read("docs/errors.md").Split("\n## ").Skip(1).ToDictionary(
            section => section[..section.IndexOf('\n', StringComparison.Ordinal)].Trim(),
            section => section.Split("\n\n").Skip(1).Select(paragraph => paragraph.Trim()).ToList(),
            StringComparer.Ordinal);
}
