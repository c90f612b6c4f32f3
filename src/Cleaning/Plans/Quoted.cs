namespace OrleansClean.Cleaning.Plans;

/// <summary>Quotes parts of a plan in messages.</summary>
internal static class Quoted
{
    private const int LengthMax = 60;

    /// <summary>The text between backticks, on one line and of bounded length.</summary>
    public static string Text(string text)
    {
        if (text.Length == 0)
        {
            return "an empty text";
        }

        var shown = text.Length <= LengthMax ? text : string.Concat(text.AsSpan(0, LengthMax), "…");
        return $"`{string.Concat(shown.Select(c => char.IsControl(c) ? ' ' : c))}`";
    }

    /// <summary>"`a`, `b` or `c`".</summary>
    public static string Choice(IEnumerable<string> words, string last = "or")
    {
        var all = words.Select(w => $"`{w}`").ToArray();
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} {last} {all[^1]}";
    }
}
