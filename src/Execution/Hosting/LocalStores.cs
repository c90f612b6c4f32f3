using System.Collections.Concurrent;
using OrleansClean.Execution.Inputs;
using OrleansClean.Storage;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Hosting;

/// <summary>The stores of one machine: a name is a folder's full path, or what <paramref name="others"/> knows.</summary>
/// <param name="others">Opens names that are no folders, such as the addresses of containers; null for one that it does not know.</param>
public sealed class LocalStores(Func<string, IObjectStore?>? others = null) : IStoreDirectory
{
    private readonly ConcurrentDictionary<string, Lazy<IObjectStore>> _stores = new(StringComparer.Ordinal);

    /// <summary>The stores of one machine, and of <paramref name="others"/> those at addresses.</summary>
    internal static LocalStores With(IStoreDirectory? others) => new(name => StoreAddress.Is(name) ? others?.Open(name) : null);

    /// <inheritdoc />
    public IObjectStore Open(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Secrets.Has(name))
        {
            // It would stand in journals, reports and logs. The text is not repeated whole.
            throw new UsageException($"'{ObjectName.Show(Secrets.Hide(name))}' holds a key or a signature. Whoever runs this configures the account as a connection; name that: blob://NAME/CONTAINER/PREFIX.");
        }

        return _stores.GetOrAdd(KeyOf(name), key => new Lazy<IObjectStore>(() => OpenNew(key))).Value;
    }

    private static string KeyOf(string name) => StoreAddress.Is(name) ? name
        : Path.IsPathFullyQualified(name) ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(name))
        : throw new UsageException($"'{ObjectName.Show(name)}' is no full path of a folder: it may be the name that a cluster gives a store. Go on with the batch there.");

    private IObjectStore OpenNew(string name)
    {
        if (others?.Invoke(name) is { } store)
        {
            return store;
        }

        return StoreAddress.Is(name)
            ? throw new UsageException($"{ObjectName.Show(Secrets.Hide(name))} is an address that this command does not know. Name a folder.")
            : new FolderStore(name);
    }
}
