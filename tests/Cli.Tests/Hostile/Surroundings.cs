namespace OrleansClean.Cli.Tests.Hostile;

/// <summary>Everything in and around a working folder, so that a test sees what a command changed and where.</summary>
internal sealed class Surroundings
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };

    private readonly string _outermost;
    private readonly SortedDictionary<string, string> _before;

    private Surroundings(string outermost)
    {
        _outermost = outermost;
        _before = Look();
    }

    /// <summary>Remembers what lies below <paramref name="outermost"/> now.</summary>
    public static Surroundings Of(string outermost) => new(outermost);

    /// <summary>Files that are new, gone or changed, relative to the outermost folder, but for those below <paramref name="except"/>.</summary>
    public IReadOnlyList<string> Changes(params string[] except)
    {
        var now = Look();
        return
        [
            .. now.Keys.Union(_before.Keys, StringComparer.Ordinal)
                .Where(path => now.GetValueOrDefault(path) != _before.GetValueOrDefault(path))
                .Where(path => !except.Any(folder => path.StartsWith(folder + "/", StringComparison.Ordinal)))
                .Order(StringComparer.Ordinal),
        ];
    }

    private SortedDictionary<string, string> Look() => new(
        Directory.EnumerateFiles(_outermost, "*", Everything).ToDictionary(path => Path.GetRelativePath(_outermost, path), File.ReadAllText, StringComparer.Ordinal),
        StringComparer.Ordinal);
}
