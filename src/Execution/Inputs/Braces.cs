namespace OrleansClean.Execution.Inputs;

/// <summary>Writes out <c>{a,b}</c>: <c>x.{csv,csv.gz}</c> is <c>x.csv</c> and <c>x.csv.gz</c>. An unbalanced brace is a brace.</summary>
internal static class Braces
{
    /// <summary>Everything that <paramref name="text"/> stands for, in order, at most <paramref name="max"/>.</summary>
    public static IReadOnlyList<string> Expand(string text, int max)
    {
        var done = new List<string>();
        var open = new Stack<string>([text]);
        while (open.TryPop(out var next))
        {
            var (start, end) = FindPair(next);
            if (end < 0)
            {
                done.Add(next);
            }
            else
            {
                foreach (var choice in SplitTop(next[(start + 1)..end]).AsEnumerable().Reverse())
                {
                    open.Push(string.Concat(next.AsSpan(0, start), choice, next.AsSpan(end + 1)));
                }
            }

            if (done.Count + open.Count > max)
            {
                throw new UsageException($"The pattern '{text}' stands for more than {max} patterns. Use * or several patterns.");
            }
        }

        return done;
    }

    /// <summary>The first brace that closes, with its end; an end of -1 if there is none.</summary>
    private static (int Start, int End) FindPair(string text)
    {
        for (var start = text.IndexOf('{', StringComparison.Ordinal); start >= 0; start = text.IndexOf('{', start + 1))
        {
            var depth = 0;
            for (var i = start; i < text.Length; i++)
            {
                depth += text[i] is '{' ? 1 : text[i] is '}' ? -1 : 0;
                if (depth == 0)
                {
                    return (start, i);
                }
            }
        }

        return (-1, -1);
    }

    private static List<string> SplitTop(string text)
    {
        var parts = new List<string>();
        int depth = 0, from = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] is '{' ? 1 : text[i] is '}' ? -1 : 0;
            if (depth == 0 && text[i] is ',')
            {
                parts.Add(text[from..i]);
                from = i + 1;
            }
        }

        parts.Add(text[from..]);
        return parts;
    }
}
