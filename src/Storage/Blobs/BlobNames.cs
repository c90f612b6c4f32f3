namespace OrleansClean.Storage.Blobs;

/// <summary>
/// What a blob's name may not be beyond what an object's name may not be. Names travel in addresses: clients and proxies resolve
/// <c>..</c> also where it is written <c>%2e%2e</c>, and the service drops a dot at the end of a part.
/// </summary>
internal static class BlobNames
{
    private const int PartsMax = 254;
    private const int DecodingsMax = 3;

    /// <summary>Throws if the name cannot be a blob's.</summary>
    public static void Check(ObjectName name)
    {
        if (FindFault(name.Value) is { } fault)
        {
            throw new StorageException(StorageFault.NameRefused, $"The name '{ObjectName.Show(name.Value)}' cannot be used in a blob container: {fault}.");
        }
    }

    private static string? FindFault(string name)
    {
        var parts = name.Split('/');
        if (parts.Length > PartsMax)
        {
            return $"it has more than {PartsMax} parts";
        }

        return parts.Any(part => part[^1] is '.') ? "a part of it ends with a dot, which the service drops" : FindEncodedFault(name);
    }

    /// <summary>The name, decoded as often as something on the way might decode it, must still lead where it says.</summary>
    private static string? FindEncodedFault(string name)
    {
        var decoded = name;
        for (var i = 0; i < DecodingsMax && decoded.Contains('%', StringComparison.Ordinal); i++)
        {
            decoded = Uri.UnescapeDataString(decoded);
            if (!ObjectName.TryParse(decoded, out _, out var reason) || decoded.Split('/').Length != name.Split('/').Length)
            {
                return $"'{ObjectName.Show(decoded)}' is what it reads as an address{(reason is null ? "" : ", and " + reason)}";
            }

            if (decoded.Split('/').Any(part => part[^1] is '.'))
            {
                return "a part of it ends with an encoded dot, which the service drops";
            }
        }

        return null;
    }
}
