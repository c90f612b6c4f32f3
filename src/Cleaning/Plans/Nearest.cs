namespace OrleansClean.Cleaning.Plans;

/// <summary>Finds the name that a mistyped word was most likely meant to be.</summary>
public static class Nearest
{
    /// <summary>Longer words are not compared: the cost grows with the square.</summary>
    private const int LengthMax = 64;

    /// <summary>
    /// The candidate that takes the fewest insertions, deletions, replacements and swaps of neighbours, without regard
    /// to ASCII case; null if none is near: more than one edit per three letters. Of equals the first one wins.
    /// </summary>
    public static string? Of(string word, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(candidates);
        if (word.Length is 0 or > LengthMax)
        {
            return null;
        }

        var best = Math.Max(1, word.Length / 3) + 1;
        string? nearest = null;
        foreach (var candidate in candidates)
        {
            if (candidate.Length <= LengthMax && Math.Abs(candidate.Length - word.Length) < best)
            {
                var distance = Distance(word, candidate);
                if (distance < best && distance < Math.Max(word.Length, candidate.Length))
                {
                    best = distance;
                    nearest = candidate;
                }
            }
        }

        return nearest;
    }

    /// <summary>"Did you mean `x`?", or null if no candidate is near.</summary>
    public static string? Hint(string word, IEnumerable<string> candidates) =>
        Of(word, candidates) is { } nearest ? $"Did you mean `{nearest}`?" : null;

    /// <summary>The Damerau–Levenshtein distance (optimal string alignment: no part is edited twice).</summary>
    private static int Distance(string a, string b)
    {
        Span<int> beforeLast = stackalloc int[LengthMax + 1];
        Span<int> last = stackalloc int[LengthMax + 1];
        Span<int> current = stackalloc int[LengthMax + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = last[j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(last[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    current[j] = Math.Min(current[j], beforeLast[j - 2] + 1);
                }
            }

            last.CopyTo(beforeLast);
            current.CopyTo(last);
        }

        return last[b.Length];
    }

    private static bool Same(char a, char b) =>
        a == b || (char.IsAscii(a) && char.IsAscii(b) && char.ToLowerInvariant(a) == char.ToLowerInvariant(b));
}
