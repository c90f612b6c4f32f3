namespace OrleansClean.Storage;

/// <summary>An object as it was when it was looked at.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="ETag">Which content it had.</param>
public sealed record StoredObject(ObjectName Name, long Bytes, ETag ETag);

/// <summary>Which objects to list.</summary>
/// <param name="Folder">The folder to begin in, without slash at its end; empty for the root.</param>
/// <param name="DepthMax">Levels to go down; 1 for the folder's own objects.</param>
/// <param name="IncludeHidden">True to enter folders whose names begin with a dot.</param>
/// <param name="Accept">Takes an object's name and says whether to list it; null for all.</param>
public sealed record ListScope(
    string Folder = "",
    int DepthMax = int.MaxValue,
    bool IncludeHidden = false,
    Func<string, bool>? Accept = null);

/// <summary>The objects of a scope in the order of names, and what stood there and must not be read.</summary>
/// <param name="Objects">The objects.</param>
/// <param name="Refused">Entries that were refused, in the order of names.</param>
public sealed record ObjectListing(IReadOnlyList<StoredObject> Objects, IReadOnlyList<RefusedEntry> Refused);

/// <summary>Something that stands in a store and is no object: a link out of the root, a pipe, a name that is none.</summary>
/// <param name="Name">The name as it stands there; it may hold anything.</param>
/// <param name="Reason">Why it is refused and what to do, one or two sentences.</param>
public sealed record RefusedEntry(string Name, string Reason);
