using OrleansClean.Storage;

namespace OrleansClean.Execution.Inputs;

/// <summary>
/// Files that are named one by one, as a shell does with <c>in/*.csv</c>. A folder is listed once for all of its named
/// files: listing it for each of thousands would cost the square.
/// </summary>
internal sealed class NamedFiles(Func<string, IObjectStore> storeOf)
{
    private readonly Dictionary<(string Root, string Folder), HashSet<string>> _wanted = [];
    private readonly Dictionary<(string Root, string Folder), (Dictionary<string, StoredObject> Objects, Dictionary<string, RefusedEntry> Refused)> _listed = [];

    /// <summary>Announces a file that will be asked for.</summary>
    public void Want(string root, string name)
    {
        var key = (root, ObjectFolder(name));
        if (!_wanted.TryGetValue(key, out var names))
        {
            _wanted[key] = names = new HashSet<string>(StringComparer.Ordinal);
        }

        names.Add(name);
    }

    /// <summary>The announced file as its folder's listing has it: one entry, or none if it is not there.</summary>
    public async Task<ObjectListing> FindAsync(string root, string name, CancellationToken cancellationToken)
    {
        var key = (root, ObjectFolder(name));
        if (!_listed.TryGetValue(key, out var listed))
        {
            var names = _wanted[key];
            var scope = new ListScope(key.Item2, 1, IncludeHidden: true, Accept: names.Contains);
            var listing = await storeOf(root).ListAsync(scope, cancellationToken);
            listed = (
                listing.Objects.ToDictionary(found => found.Name.Value, StringComparer.Ordinal),
                listing.Refused.DistinctBy(refused => refused.Name, StringComparer.Ordinal).ToDictionary(refused => refused.Name, StringComparer.Ordinal));
            _listed[key] = listed;
        }

        return new ObjectListing(
            listed.Objects.TryGetValue(name, out var found) ? [found] : [],
            listed.Refused.TryGetValue(name, out var refused) ? [refused] : []);
    }

    private static string ObjectFolder(string name) => name.LastIndexOf('/') is var slash and > 0 ? name[..slash] : "";
}
