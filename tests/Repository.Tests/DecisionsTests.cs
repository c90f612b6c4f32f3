using System.Globalization;

namespace OrleansClean.Repository.Tests;

public sealed class DecisionsTests
{
    private const string Folder = "docs/decisions/";

    [Fact]
    public void Every_decision_has_context_decision_consequence_and_a_date()
    {
        var pages = Pages();
        Assert.NotEmpty(pages);

        foreach (var page in pages)
        {
            var lines = House.Lines(page);
            Assert.True(lines[0].StartsWith($"# {Number(page)}. ", StringComparison.Ordinal), $"{page}: the title carries the page's number.");
            Assert.True(DateOnly.TryParseExact(lines[2], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), $"{page}: the third line is the date.");
            Assert.Equal(["## Context", "## Decision", "## Consequence"], lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Numbers_are_given_once_and_in_turn() =>
        Assert.Equal(Enumerable.Range(1, Pages().Count), Pages().Select(page => int.Parse(Number(page), CultureInfo.InvariantCulture)));

    [Fact]
    public void The_index_lists_every_decision_by_its_title()
    {
        var index = House.Read($"{Folder}README.md");
        Assert.NotEmpty(Pages());

        Assert.All(Pages(), page =>
            Assert.Contains($"- [{Number(page)}]({Path.GetFileName(page)}) {House.Lines(page)[0][8..]}", index, StringComparison.Ordinal));
    }

    private static List<string> Pages() =>
        [.. House.FilesEndingIn(".md").Where(file => file.StartsWith($"{Folder}0", StringComparison.Ordinal))];

    private static string Number(string page) => page[Folder.Length..][..4];
}
