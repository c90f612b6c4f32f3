namespace OrleansClean.Tests.Vocabulary;

/// <summary>
/// More than 200 names that lead elsewhere, look like others, or mean something to a shell, a terminal, a browser, Windows, an archive or
/// a storage service. What takes a name either refuses each of them and says why, or uses it exactly as it is written.
/// </summary>
internal static class HostileNames
{
    private static readonly string[] Parts =
    [
        "..", ".", "...", ". .", ".. ", " ..", "..;", "%2e%2e", "%2E%2E", ".%2e", "%2e.", "%252e%252e", "%2e", "..%2f..", "..%5c..", "a%2fb", "a%00b", "%c0%ae%c0%ae",
        "x.", "x ", " x", "x%2e", "%", "%zz", "~", "~root", "$HOME", "$(id)", "`id`", "-rf", "--help", "@x", "*", "?", "[a]", "{name}", "${p}",
        "a:b", "a:$DATA", "C:", "con.csv", "NUL", "aux.csv.gz", "COM1", "lpt9.txt", "a|b", "a<b>", "a\"b", "a'b", "a;b", "a&b=c", "a#b", "a+b", "a b",
        "\u202Evsc.x", "\u200b", "\uFEFF", "a\u2024\u2024", "ａ／．．／b", "é", "e\u0301", "表", "😀", "\uD800",
        ".git", ".orleansclean", ".ORLEANSCLEAN", "_rejects", "latest", "<img src=x onerror=alert(1)>", "=1+1",
    ];

    private static readonly string[] Whole =
    [
        "", "/", "//", "///x", "\\", @"..\evil.csv", @"a\b.csv", @"\\host\share\x", @"C:\x.csv", "C:/x.csv", "/etc/passwd", "//evil/x", "a//b", "a/", "/a", "a/./b", "a/b/../../..",
        "file:///etc/passwd", "http://169.254.169.254/x", "a\nb", "a\rb", "a\tb", "a\0b", "a\u001b[31mb", "\u001b]0;x\u0007", "a\u0085b", "a\u009bb", "a\u007fb", "a\u2028b",
        "a?comp=list", "a?restype=container#x", "x.zip/../y", "x.tar.gz/y", "x.csv.gz/../../y",
        new string('a', 255), new string('a', 256), new string('a', 1_024), new string('a', 1_025), new string('ä', 512), new string('ä', 513), new string('/', 300),
        string.Concat(Enumerable.Repeat("a/", 500)) + "a", string.Concat(Enumerable.Repeat("../", 200)) + "x",
    ];

    /// <summary>The names, each once.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Parts.SelectMany(part => new[] { part, $"{part}/evil.csv", $"a/{part}/evil.csv", $"a/{part}" }).Concat(Whole).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>One of them, or some of their parts put together anew.</summary>
    public static string Mixed(Random random) =>
        string.Join(random.Next(8) == 0 ? "\\" : "/", Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Parts[random.Next(Parts.Length)]))
        + (random.Next(4) == 0 ? "/" : random.Next(2) == 0 ? ".csv" : "");
}
