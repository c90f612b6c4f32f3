using System.Reflection;
using System.Text.RegularExpressions;
using OrleansClean.Batches;
using OrleansClean.Cleaning;

namespace OrleansClean.Repository.Tests;

public sealed partial class ErrorCodesTests
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

    [Fact]
    public void No_code_is_spelled_out_where_it_is_used()
    {
        var makers = House.FilesEndingIn(".cs")
            .Where(file => file.StartsWith("src/", StringComparison.Ordinal))
            .SelectMany(file => MakesFailure().Matches(House.Read(file)).Select(match => (file, First: match.Groups["first"].Value)))
            .ToList();
        Assert.True(makers.Count >= 10, $"Only {makers.Count} places that make a failure.");

        var literal = makers.Where(maker => maker.First.StartsWith('"')).Select(maker => $"{maker.file}: {maker.First}").ToList();
        Assert.True(literal.Count == 0, $"A code that is no constant is a code that nobody explains:\n{string.Join('\n', literal)}");
    }

    [Fact]
    public void Every_code_that_a_document_names_exists()
    {
        var codes = Codes().ToHashSet(StringComparer.Ordinal);
        var endings = codes.Select(code => code[(code.LastIndexOf('-') + 1)..]).ToHashSet(StringComparer.Ordinal);
        var named = House.FilesEndingIn(".md")
            .SelectMany(document => Code().Matches(House.Read(document)).Select(match => (document, Word: match.Groups["code"].Value)))
            .Where(name => endings.Contains(name.Word[(name.Word.LastIndexOf('-') + 1)..]))
            .ToList();
        Assert.Contains(named, name => codes.Contains(name.Word));

        var unknown = named.Where(name => !codes.Contains(name.Word)).Select(name => $"{name.document}: {name.Word}").ToList();
        Assert.True(unknown.Count == 0, $"Documents name codes that do not exist:\n{string.Join('\n', unknown)}");
    }

    private static List<string> Codes() =>
        [.. new[] { typeof(ProblemCodes), typeof(FailureCodes) }
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!)
            .Distinct(StringComparer.Ordinal)];

    private static Dictionary<string, List<string>> Sections() =>
        House.Read("docs/errors.md").Split("\n## ").Skip(1).ToDictionary(
            section => section[..section.IndexOf('\n', StringComparison.Ordinal)].Trim(),
            section => section.Split("\n\n").Skip(1).Select(paragraph => paragraph.Trim()).ToList(),
            StringComparer.Ordinal);

    [GeneratedRegex(@"new (Failure|LineFault|FileFailedException)\(\s*(?<first>""[^""]*""|[\w.]+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex MakesFailure();

    [GeneratedRegex("`(?<code>[a-z]+(-[a-z]+)+)`", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Code();
}
