using System.Collections.Frozen;

namespace OrleansClean.Storage.AzureBlobs;

/// <summary>
/// The storage accounts that the operator named. Users write <c>blob://NAME/CONTAINER/PREFIX</c>: they choose among the names
/// and can neither bring an address nor a key of their own.
/// </summary>
public sealed class BlobConnections
{
    /// <summary>What addresses begin with.</summary>
    public const string Scheme = "blob://";

    /// <summary>What the names of environment variables begin with; the connection's name follows.</summary>
    public const string VariablePrefix = "ORLEANSCLEAN_BLOBS_";

    private readonly FrozenDictionary<string, BlobConnection> _connections;

    /// <summary>Connections by name; names do not tell upper from lower case.</summary>
    public BlobConnections(IEnumerable<KeyValuePair<string, BlobConnection>> connections) =>
        _connections = connections.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names, sorted.</summary>
    public IReadOnlyList<string> Names => [.. _connections.Keys.Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Reads <c>ORLEANSCLEAN_BLOBS_NAME</c> for each name. Throws <see cref="FormatException"/> naming a variable that cannot be read.</summary>
    public static BlobConnections FromEnvironment(IEnumerable<KeyValuePair<string, string>> variables)
    {
        List<KeyValuePair<string, BlobConnection>> found = [];
        foreach (var (name, value) in variables.Where(v => v.Key.StartsWith(VariablePrefix, StringComparison.OrdinalIgnoreCase) && v.Key.Length > VariablePrefix.Length))
        {
            try
            {
                found.Add(new(name[VariablePrefix.Length..], BlobConnection.Parse(value)));
            }
            catch (FormatException e)
            {
                throw new FormatException($"{name}: {e.Message}", e);
            }
        }

        return new BlobConnections(found);
    }

    /// <summary>True for what <see cref="Open"/> is asked to open.</summary>
    public static bool IsAddress(string text) => text.StartsWith(Scheme, StringComparison.Ordinal);

    /// <summary>The store at an address. Throws <see cref="StorageException"/> if there is no such connection, or the address is none.</summary>
    public AzureBlobStore Open(string address, AzureBlobOptions options)
    {
        var parts = IsAddress(address) ? address[Scheme.Length..].TrimEnd('/').Split('/', 3) : [];
        if (parts.Length < 2 || parts[0].Length == 0 || !IsContainer(parts[1]))
        {
            throw new StorageException(
                StorageFault.NameRefused,
                $"'{ObjectName.Show(address)}' is no address of blobs: it must be {Scheme}NAME/CONTAINER or {Scheme}NAME/CONTAINER/PREFIX. A container has 3 to 63 lower-case letters, digits and single hyphens.");
        }

        if (!_connections.TryGetValue(parts[0], out var connection))
        {
            var known = Names.Count == 0 ? "none is configured" : $"there are: {string.Join(", ", Names)}";
            throw new StorageException(
                StorageFault.NameRefused,
                $"No connection is named '{ObjectName.Show(parts[0])}'; {known}. Its operator sets {VariablePrefix}{ObjectName.Show(parts[0]).ToUpperInvariant()}.");
        }

        return new AzureBlobStore(connection, parts[1], parts.Length < 3 ? "" : parts[2], options);
    }

    private static bool IsContainer(string name) =>
        name.Length is >= 3 and <= 63
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-')
        && name[0] is not '-' && name[^1] is not '-'
        && !name.Contains("--", StringComparison.Ordinal);
}
