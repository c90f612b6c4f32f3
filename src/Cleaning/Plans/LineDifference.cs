namespace OrleansClean.Cleaning.Plans;

/// <summary>Tells where two texts differ, line by line: <c>-</c> was expected, <c>+</c> came.</summary>
internal static class LineDifference
{
    /// <summary>Lines of either side that are shown.</summary>
    private const int LinesMax = 10;

    private const int LengthMax = 200;

    /// <summary>Empty if the texts are the same but for kinds of line ends and one at the end.</summary>
    public static List<string> Between(string expected, string got)
    {
        var (a, b) = (Lines(expected), Lines(got));
        var start = 0;
        while (start < a.Length && start < b.Length && string.Equals(a[start], b[start], StringComparison.Ordinal))
        {
            start++;
        }

        var end = 0;
        while (end < a.Length - start && end < b.Length - start && string.Equals(a[^(end + 1)], b[^(end + 1)], StringComparison.Ordinal))
        {
            end++;
        }

        var differences = new List<string>();
        if (start < a.Length - end || start < b.Length - end)
        {
            differences.Add($"the output differs from line {start + 1} on:");
            Add(differences, "- ", a.AsSpan()[start..^end]);
            Add(differences, "+ ", b.AsSpan()[start..^end]);
        }

        return differences;
    }

    private static string[] Lines(string text)
    {
        var normal = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        normal = normal.EndsWith('\n') ? normal[..^1] : normal;
        return normal.Length == 0 ? [] : normal.Split('\n');
    }

    private static void Add(List<string> differences, string mark, ReadOnlySpan<string> lines)
    {
        foreach (var line in lines[..Math.Min(lines.Length, LinesMax)])
        {
            differences.Add(mark + (line.Length <= LengthMax ? line : line[..LengthMax] + "…"));
        }

        if (lines.Length > LinesMax)
        {
            differences.Add($"{mark}… and {lines.Length - LinesMax} more");
        }
    }
}
