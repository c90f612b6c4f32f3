namespace OrleansClean.Storage.Folders;

/// <summary>Where a path really leads, every link on the way followed.</summary>
internal static class RealPath
{
    /// <summary>Links followed before a path counts as a circle; Linux has the same bound.</summary>
    private const int LinksMax = 40;

    /// <summary>The real path; parts that do not exist stay as they are. Null if the links go in a circle.</summary>
    public static string? Of(string path)
    {
        var links = 0;
        var rest = new Stack<string>(Split(Path.GetFullPath(path)));
        var real = Path.GetPathRoot(Path.GetFullPath(path))!;
        while (rest.TryPop(out var part))
        {
            if (part is "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > LinksMax)
            {
                return null;
            }

            if (Path.IsPathRooted(target))
            {
                real = Path.GetPathRoot(target)!;
            }

            foreach (var link in Split(target))
            {
                rest.Push(link);
            }
        }

        return real;
    }

    /// <summary>True if <paramref name="path"/> is <paramref name="root"/> or lies below it; both are real paths.</summary>
    public static bool IsInside(string root, string path)
    {
        var bare = Path.TrimEndingDirectorySeparator(root);
        return path.StartsWith(bare, StringComparison.Ordinal)
            && (path.Length == bare.Length || Path.EndsInDirectorySeparator(bare) || path[bare.Length] == Path.DirectorySeparatorChar);
    }

    private static IEnumerable<string> Split(string path)
    {
        var root = Path.GetPathRoot(path) ?? "";
        return path[root.Length..]
            .Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
            .Where(part => part is not ".")
            .Reverse();
    }
}
