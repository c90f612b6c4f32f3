using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using OrleansClean.Storage.Blobs;

namespace OrleansClean.Storage.AzureBlobs;

/// <summary>
/// A container and a prefix, and the care that nothing leads out of them: a name is checked before the client sees it, and
/// the address that the client made of it is checked again.
/// </summary>
internal sealed class BlobRoot
{
    private readonly string _path;
    private long _operations;

    public BlobRoot(BlobConnection connection, string container, string prefix, AzureBlobOptions options)
    {
        Reads = connection.Open(options.ForClient(mayRetry: true)).GetBlobContainerClient(container);
        Writes = connection.Open(options.ForClient(mayRetry: false)).GetBlobContainerClient(container);
        if (prefix.Length != 0)
        {
            BlobNames.Check(ObjectName.Parse(prefix));
            Prefix = prefix + "/";
        }

        _path = Reads.Uri.AbsolutePath.TrimEnd('/') + "/";
    }

    /// <summary>For what may be sent again by itself: reading and staging.</summary>
    public BlobContainerClient Reads { get; }

    /// <summary>For what may not: commits, documents, appends, deletions.</summary>
    public BlobContainerClient Writes { get; }

    /// <summary>What every blob's name begins with; empty, or with a slash at its end.</summary>
    public string Prefix { get; } = "";

    public long Operations => Interlocked.Read(ref _operations);

    /// <summary>The blob of a name, for reading.</summary>
    public BlobBaseClient Reading(ObjectName name) => Check(name, Reads.GetBlobBaseClient(Begin(name)));

    /// <summary>The blob of a name, for staging blocks.</summary>
    public BlockBlobClient Staging(ObjectName name) => Check(name, Reads.GetBlockBlobClient(Begin(name)));

    /// <summary>The blob of a name, for writing what is written once.</summary>
    public BlockBlobClient Writing(ObjectName name) => Check(name, Writes.GetBlockBlobClient(Begin(name)));

    /// <summary>The log of a name.</summary>
    public AppendBlobClient Appending(ObjectName name) => Check(name, Writes.GetAppendBlobClient(Begin(name)));

    public void CountOperation() => Interlocked.Increment(ref _operations);

    /// <summary>The address without its query, which may hold a token.</summary>
    public string Locate(ObjectName name) => ObjectName.Show($"{Reads.Uri.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{Prefix}{name.Value}");

    private string Begin(ObjectName name)
    {
        BlobNames.Check(name);
        var full = Prefix + name.Value;
        if (full.Length > ObjectName.BytesMax)
        {
            throw new StorageException(StorageFault.NameRefused, $"The name '{ObjectName.Show(full)}' has more than {ObjectName.BytesMax} characters with its prefix.");
        }

        CountOperation();
        return full;
    }

    private T Check<T>(ObjectName name, T client)
        where T : BlobBaseClient
    {
        return IsAt(client, Prefix + name.Value)
            ? client
            : throw new StorageException(StorageFault.NameRefused, $"The name '{ObjectName.Show(name.Value)}' leads to '{ObjectName.Show(client.Uri.AbsolutePath)}' as an address. Rename it.");
    }

    /// <summary>True if the address that the client will use is that of <paramref name="full"/> in this container.</summary>
    internal bool IsAt(BlobBaseClient client, string full)
    {
        var path = client.Uri.AbsolutePath;
        return path.StartsWith(_path, StringComparison.Ordinal)
            && string.Equals(Uri.UnescapeDataString(path[_path.Length..]), full, StringComparison.Ordinal)
            && string.Equals(client.BlobContainerName, Reads.Name, StringComparison.Ordinal)
            && string.Equals(client.Name, full, StringComparison.Ordinal);
    }
}
