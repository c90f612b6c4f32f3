using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>Looks which of many names something stands under, by listing the few folders that they are in.</summary>
internal static class StandingOutputs
{
    /// <summary>Folders that are listed one by one; names in more folders are found by listing what contains them all.</summary>
    private const int FoldersMax = 16;

    /// <summary>The tags by name, of those names under which something stands.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> FindAsync(
        IObjectStore store, IEnumerable<ObjectName> names, CancellationToken cancellationToken)
    {
        var (wanted, folders) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var name in names)
        {
            wanted.Add(name.Value);
            folders.Add(name.Folder);
        }

        var standing = new Dictionary<string, string>(StringComparer.Ordinal);
        IEnumerable<ListScope> scopes = folders.Count <= FoldersMax
            ? folders.Select(folder => new ListScope(folder, DepthMax: 1, IncludeHidden: true, wanted.Contains))
            : [new ListScope(Common(folders), IncludeHidden: folders.Any(folder => ('/' + folder).Contains("/.", StringComparison.Ordinal)), Accept: wanted.Contains)];
        foreach (var scope in scopes)
        {
            var listing = await store.ListAsync(scope, cancellationToken);
            foreach (var found in listing.Objects)
            {
                standing[found.Name.Value] = found.ETag.Value;
            }

            // A link is replaced, never followed; until then it counts as the content that it shows.
            foreach (var refused in listing.Refused.Where(refused => wanted.Contains(refused.Name)))
            {
                if (await store.FindAsync(ObjectName.Parse(refused.Name), cancellationToken) is { } shown)
                {
                    standing[refused.Name] = shown.ETag.Value;
                }
            }
        }

        return standing;
    }

    /// <summary>The folder that contains all of them; empty for the root.</summary>
    private static string Common(IEnumerable<string> folders)
    {
        string[]? common = null;
        foreach (var folder in folders)
        {
            var parts = folder.Length == 0 ? [] : folder.Split('/');
            common = common is null ? parts : [.. common.Zip(parts).TakeWhile(pair => pair.First == pair.Second).Select(pair => pair.First)];
        }

        return string.Join('/', common ?? []);
    }
}
