namespace OrleansClean.Storage.Blobs;

/// <summary>Which names of a flat list are in a scope, by the rules of a folder's walk.</summary>
internal static class ScopeFilter
{
    private const string StateFolderName = ".orleansclean";

    /// <summary>What every name of the scope begins with.</summary>
    public static string PrefixOf(ListScope scope) => scope.Folder.Length == 0 ? "" : scope.Folder + "/";

    /// <summary>True if a name that begins with the scope's prefix is deep enough, not hidden, and accepted.</summary>
    public static bool Takes(ListScope scope, string name)
    {
        var folders = name[PrefixOf(scope).Length..].Split('/')[..^1];
        return folders.Length < scope.DepthMax
            && !folders.Any(folder => folder is StateFolderName || (folder is ['.', ..] && !scope.IncludeHidden))
            && scope.Accept?.Invoke(name) != false;
    }

    /// <summary>Adds an entry to the objects, or to the refused ones if its name is none.</summary>
    public static void Add(string name, long bytes, ETag etag, List<StoredObject> objects, List<RefusedEntry> refused)
    {
        if (ObjectName.TryParse(name, out var parsed, out var reason))
        {
            objects.Add(new StoredObject(parsed, bytes, etag));
        }
        else
        {
            refused.Add(new RefusedEntry(name, $"The name '{ObjectName.Show(name)}' cannot be used: {reason}. Rename the blob."));
        }
    }

    /// <summary>The listing in the order of names.</summary>
    public static ObjectListing Finish(List<StoredObject> objects, List<RefusedEntry> refused)
    {
        objects.Sort((a, b) => string.CompareOrdinal(a.Name.Value, b.Name.Value));
        refused.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return new ObjectListing(objects, refused);
    }
}
