namespace OrleansClean.Repository.Tests;

/// <summary>The first table under a heading of a document.</summary>
internal static class MarkdownTable
{
    /// <summary>The table's rows without its head, as trimmed cells. The heading may carry a number.</summary>
    public static IReadOnlyList<string[]> Rows(string document, string heading)
    {
        var rows = House.Lines(document)
            .SkipWhile(line => !(line.StartsWith('#') && line.EndsWith(heading, StringComparison.Ordinal)))
            .Skip(1)
            .TakeWhile(line => !line.StartsWith('#'))
            .SkipWhile(line => !line.StartsWith('|'))
            .TakeWhile(line => line.StartsWith('|'))
            .Skip(2)
            .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries))
            .ToList();
        Assert.True(rows.Count > 0, $"{document} has no table under the heading '{heading}'.");
        return rows;
    }

    /// <summary>A cell's text without the marks of code.</summary>
    public static string Plain(string cell) => cell.Replace("`", "", StringComparison.Ordinal);
}
