namespace OrleansClean.Execution.Inputs;

/// <summary>
/// A pattern for paths: <c>*</c> and <c>?</c> within a name, <c>**</c> for any number of folders, <c>[abc]</c>,
/// <c>[a-z]</c>, <c>[!a]</c>, and <c>{a,b}</c>. Letters are compared exactly. A name that begins with a dot is matched only
/// by a pattern that begins with one. Matching takes at most length of pattern × length of path steps.
/// </summary>
internal sealed class Glob
{
    /// <summary>Patterns that the braces of one pattern may expand to.</summary>
    public const int AlternativesMax = 1_000;

    private const string AnyFolders = "**";
    private readonly string[] _segments;

    private Glob(string folder, string[] segments)
    {
        Folder = folder;
        _segments = segments;
    }

    /// <summary>The part before the first wildcard: a path as written, empty for where the pattern starts from.</summary>
    public string Folder { get; }

    /// <summary>Levels below <see cref="Folder"/> on which a match can be.</summary>
    public int DepthMax => _segments.Contains(AnyFolders, StringComparer.Ordinal) ? int.MaxValue : _segments.Length;

    /// <summary>True if a part of the pattern names something hidden, so that hidden folders must be entered.</summary>
    public bool IncludesHidden => _segments.Any(s => s[0] is '.');

    /// <summary>True if <paramref name="text"/> holds a wildcard.</summary>
    public static bool IsPattern(string text) => text.AsSpan().IndexOfAny("*?[{") >= 0;

    /// <summary>The patterns that <paramref name="text"/> stands for. Throws <see cref="UsageException"/> beyond <see cref="AlternativesMax"/>.</summary>
    public static IReadOnlyList<Glob> Parse(string text) => [.. Braces.Expand(text, AlternativesMax).Select(ParseOne)];

    /// <summary>True if <paramref name="path"/>, relative to <see cref="Folder"/> with <c>/</c>, matches.</summary>
    public bool IsMatch(string path)
    {
        var parts = path.Split('/');
        int s = 0, p = 0, star = -1, starPart = 0;
        while (p < parts.Length)
        {
            if (s < _segments.Length && _segments[s] is AnyFolders)
            {
                star = s++;
                starPart = p;
            }
            else if (s < _segments.Length && IsNameMatch(_segments[s], parts[p]))
            {
                s++;
                p++;
            }
            else if (star >= 0 && parts[starPart][0] is not '.')
            {
                // The last ** takes one more folder.
                s = star + 1;
                p = ++starPart;
            }
            else
            {
                return false;
            }
        }

        return s == _segments.Length;
    }

    private static Glob ParseOne(string text)
    {
        var parts = text.Split('/');
        var fixedCount = Array.FindIndex(parts, IsPattern);
        fixedCount = fixedCount < 0 ? parts.Length - 1 : fixedCount;
        var folder = string.Join('/', parts[..fixedCount]);

        // "/*.csv" begins at the root, not where we stand.
        folder = folder.Length == 0 && fixedCount > 0 ? "/" : folder;
        string[] segments = [.. parts[fixedCount..].Where(s => s is not ("" or "."))];
        if (segments.Length == 0 || segments.Contains("..", StringComparer.Ordinal))
        {
            throw new UsageException($"The pattern '{text}' cannot be used: it ends in a folder, or has '..' behind a wildcard.");
        }

        // "a/**" means the files below a.
        return new Glob(folder, segments[^1] is AnyFolders ? [.. segments, "*"] : segments);
    }

    private static bool IsNameMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        if (name[0] is '.' && pattern[0] is not '.')
        {
            return false;
        }

        int p = 0, n = 0, star = -1, starName = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] is '*')
            {
                star = p++;
                starName = n;
            }
            else if (p < pattern.Length && MatchOne(pattern[p..], name[n]) is var length and > 0)
            {
                p += length;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++starName;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }

    /// <summary>Length of the pattern's first element if it matches <paramref name="c"/>, else 0.</summary>
    private static int MatchOne(ReadOnlySpan<char> pattern, char c)
    {
        if (pattern[0] is '?')
        {
            return 1;
        }

        // A bracket closes at the earliest behind one member, so that []] is the class of the bracket itself.
        var negated = pattern.Length > 1 && pattern[1] is '!' or '^';
        var first = negated ? 2 : 1;
        var close = pattern[0] is '[' && pattern.Length > first + 1 ? pattern[(first + 1)..].IndexOf(']') : -1;
        if (close < 0)
        {
            return pattern[0] == c ? 1 : 0;
        }

        var members = pattern[first..(first + 1 + close)];
        return IsMember(members, c) != negated ? first + close + 2 : 0;
    }

    private static bool IsMember(ReadOnlySpan<char> members, char c)
    {
        for (var i = 0; i < members.Length; i++)
        {
            if (i + 2 < members.Length && members[i + 1] is '-')
            {
                if (c >= members[i] && c <= members[i + 2])
                {
                    return true;
                }

                i += 2;
            }
            else if (members[i] == c)
            {
                return true;
            }
        }

        return false;
    }
}
