using OrleansClean.Execution.Inputs;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting.Works;

/// <summary>Paths and addresses of work, as every process that shares the stores understands them.</summary>
internal static class WorkPlace
{
    /// <summary>The store of an object, and its name there. Throws <see cref="UsageException"/> for what cannot be one.</summary>
    public static (string Root, ObjectName Name) Of(string place)
    {
        var (root, inner) = StoreAddress.Is(place)
            ? StoreAddress.Split(place)
            : (Path.GetDirectoryName(Path.GetFullPath(place)) ?? Path.GetFullPath(place), Path.GetFileName(place));
        return ObjectName.TryParse(inner, out var name, out var reason)
            ? (root, name)
            : throw new UsageException($"'{ObjectName.Show(place)}' names no file: {reason}");
    }

    /// <summary>A folder or address in full.</summary>
    public static string Full(string place) => StoreAddress.Is(place) ? place.TrimEnd('/') : Path.GetFullPath(place);

    /// <summary>What lies below a folder or an address, as it was typed.</summary>
    public static string Below(string place, string name) => StoreAddress.Is(place) ? StoreAddress.Join(place, name) : Path.Combine(place, name);
}
