namespace OrleansClean.Repository.Tests;

public sealed class GlossaryTests
{
    [Fact]
    public void Every_word_stands_in_the_glossary_once()
    {
        var words = MarkdownTable.Rows("docs/glossary.md", "Glossary").Select(row => row[0]).ToList();

        Assert.True(words.Count > 40, $"The glossary has {words.Count} words.");
        Assert.Equal(words.Distinct(StringComparer.OrdinalIgnoreCase), words);
    }
}
