using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace OrleansClean.Storage.AzureBlobs;

/// <summary>How the operator lets this process into a storage account. It is configured under a name; users give the name.</summary>
public abstract record BlobConnection
{
    private BlobConnection()
    {
    }

    /// <summary>Azurite on this machine, with the keys that everybody knows.</summary>
    public static BlobConnection Development { get; } = new WithConnectionString("UseDevelopmentStorage=true");

    /// <summary>
    /// Reads a setting: the address of an account, <c>https://ACCOUNT…/</c>, for the identity of this machine (a part <c>#CLIENT-ID</c> at its end chooses one
    /// of several), or a connection string. Throws <see cref="FormatException"/> without repeating the text, which may hold a key.
    /// </summary>
    public static BlobConnection Parse(string setting)
    {
        if (!setting.Contains("://", StringComparison.Ordinal) || setting.Contains(';', StringComparison.Ordinal))
        {
            return new WithConnectionString(setting);
        }

        return Uri.TryCreate(setting, UriKind.Absolute, out var address)
            && address.Scheme == Uri.UriSchemeHttps && address is { Query: "", UserInfo: "", AbsolutePath: "/" }
            ? new WithIdentity(new Uri(address.GetLeftPart(UriPartial.Authority)), address.Fragment.TrimStart('#') is { Length: > 0 } id ? id : null)
            : throw new FormatException("A storage account is given as https://ACCOUNT.blob.core.windows.net/ (no path, no token in it), or as a connection string.");
    }

    /// <summary>Opens the account.</summary>
    internal abstract BlobServiceClient Open(BlobClientOptions options);

    private sealed record WithConnectionString(string Text) : BlobConnection
    {
        public override string ToString() => "a connection string";

        internal override BlobServiceClient Open(BlobClientOptions options)
        {
            try
            {
                return new BlobServiceClient(Text, options);
            }
            catch (Exception e) when (e is FormatException or ArgumentException)
            {
#pragma warning disable MA0054 // The client's own message quotes parts of the text, which may be parts of the key.
                throw new FormatException("The connection string of the storage account cannot be read. Copy it again from the account's access keys.");
#pragma warning restore MA0054
            }
        }
    }

    private sealed record WithIdentity(Uri Account, string? ClientId) : BlobConnection
    {
        private readonly TokenCredential _credential = ClientId is null
            ? new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned)
            : new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(ClientId));

        internal override BlobServiceClient Open(BlobClientOptions options) => new(Account, _credential, options);
    }
}
