namespace OrleansClean.Cleaning.Formulas;

/// <summary>
/// Estimates how large a well-formed pattern becomes once its counted repeats are written out: <c>(a{100}){100}</c> is a
/// hundred hundreds. It may be too high by a few, never far too low.
/// </summary>
internal static class PatternSize
{
    public static long Of(string pattern)
    {
        var groups = new Stack<(long Before, long Last)>();
        long total = 0;
        long last = 0;
        for (var at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case '\\':
                    at++;
                    (total, last) = (total + 1, 1);
                    break;
                case '[':
                    at = EndOfClass(pattern, at);
                    (total, last) = (total + 1, 1);
                    break;
                case '(':
                    groups.Push((total, 0));
                    total = 0;
                    break;
                case ')' when groups.Count > 0:
                    last = Math.Max(total, 1);
                    total = groups.Pop().Before + last;
                    break;
                case '{' when TryReadCount(pattern, ref at, out var count):
                    total += last * (Math.Max(count, 1) - 1);
                    last *= Math.Max(count, 1);
                    break;
                default:
                    (total, last) = (total + 1, 1);
                    break;
            }

            if (total > Patterns.SizeMax)
            {
                return total;
            }
        }

        return total + groups.Sum(group => group.Before);
    }

    private static int EndOfClass(string pattern, int at)
    {
        // A ']' first in a class is one of its characters.
        at += at + 1 < pattern.Length && pattern[at + 1] == '^' ? 2 : 1;
        at += at < pattern.Length && pattern[at] == '\\' ? 1 : 0;
        for (at++; at < pattern.Length && pattern[at] != ']'; at++)
        {
            at += pattern[at] == '\\' ? 1 : 0;
        }

        return at;
    }

    /// <summary>Reads <c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c> as its larger number; the position is then at the brace that closes.</summary>
    private static bool TryReadCount(string pattern, ref int at, out long count)
    {
        count = 0;
        var close = pattern.IndexOf('}', at);
        if (close < 0)
        {
            return false;
        }

        var bounds = pattern[(at + 1)..close].Split(',');
        foreach (var bound in bounds)
        {
            if (bound.Length > 0 && !bound.All(char.IsAsciiDigit))
            {
                return false;
            }

            count = Math.Max(count, bound.Length > 9 ? int.MaxValue : bound.Length == 0 ? 0 : int.Parse(bound, System.Globalization.CultureInfo.InvariantCulture));
        }

        at = close;
        return bounds.Length <= 2 && bounds[0].Length > 0;
    }
}
