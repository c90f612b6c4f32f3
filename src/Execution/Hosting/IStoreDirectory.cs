using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// The stores that a host may touch, by name: a folder's path, a container's address, or a name that its operator gave. What it
/// does not know it does not open.
/// </summary>
public interface IStoreDirectory
{
    /// <summary>
    /// The store of <paramref name="name"/>; the same object each time. Throws <see cref="UsageException"/> for a name that this host
    /// does not serve.
    /// </summary>
    IObjectStore Open(string name);
}
