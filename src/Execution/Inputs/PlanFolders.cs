namespace OrleansClean.Execution.Inputs;

/// <summary>
/// What <c>{dir}</c> stands for where the caller names inputs that the plan's own <c>read.files</c> covers: what it stands for when the plan finds them. One
/// shop of many is then cleaned into its place, whether it is named as a file, a folder or a pattern.
/// </summary>
/// <param name="patterns">Folders of the plan's patterns in their order, and what each covers below its folder.</param>
internal sealed class PlanFolders(IReadOnlyList<(string Folder, Func<string, bool> Covers)> patterns)
{
    /// <summary>Of patterns that are relative to the folder of a plan on this machine, or addresses.</summary>
    public static PlanFolders Of(IEnumerable<string> patterns, string planFolder) => new([.. patterns.SelectMany(pattern => Covered(pattern, planFolder))]);

    /// <summary>True for what a folder stands for, below it.</summary>
    public static bool IsInFolder(string name) => InputFinder.IsDelimited(name) && !Array.Exists(name.Split('/'), part => part[0] is '.');

    /// <summary>The folder of <paramref name="full"/> below that of the first pattern that covers it; null if none does.</summary>
    public string? Find(string full)
    {
        foreach (var (folder, covers) in patterns)
        {
            if (Below(full, folder) is { } name && covers(name))
            {
                return name.LastIndexOf('/') is var slash and > 0 ? name[..slash] : "";
            }
        }

        return null;
    }

    private static string? Below(string full, string folder)
    {
        // Below a store's root, names begin without a slash.
        var begin = folder.Length == 0 ? "" : Slashed(folder).TrimEnd('/') + "/";
        return Slashed(full) is var name && name.Length > begin.Length && name.StartsWith(begin, StringComparison.Ordinal) ? name[begin.Length..] : null;
    }

    private static string Slashed(string path) => path.Replace(Path.DirectorySeparatorChar, '/');

    private static IEnumerable<(string Folder, Func<string, bool> Covers)> Covered(string pattern, string planFolder)
    {
        InputFinder.CheckPattern(pattern);
        if (StoreAddress.Is(pattern))
        {
            var (container, inner) = StoreAddress.Split(pattern);
            return Glob.IsPattern(inner)
                ? Glob.Parse(inner).Select(glob => (StoreAddress.Join(container, glob.Folder), (Func<string, bool>)glob.IsMatch))
                : [(StoreAddress.Join(container, inner), IsInFolder)];
        }

        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(pattern, planFolder));
        if (Directory.Exists(full))
        {
            return [(full, IsInFolder)];
        }

        return File.Exists(full) || !Glob.IsPattern(pattern)
            ? [(planFolder, name => string.Equals(Path.GetFullPath(name, planFolder), full, StringComparison.Ordinal))]
            : Glob.Parse(pattern).Select(glob => (Path.GetFullPath(glob.Folder, planFolder), (Func<string, bool>)glob.IsMatch));
    }
}
