using Azure.Storage.Blobs.Models;

namespace OrleansClean.Storage.AzureBlobs;

/// <summary>Tags and preconditions in the client's words. Some answers quote a tag and some do not; ours are never quoted.</summary>
internal static class BlobTags
{
    public static ETag Ours(Azure.ETag etag) => new(etag.ToString("G").Trim('"'));

    public static Azure.ETag Theirs(ETag etag) => new(etag.Value);

    public static BlobRequestConditions Conditions(Precondition precondition) => precondition.Expected is { } etag
        ? new BlobRequestConditions { IfMatch = Theirs(etag) }
        : new BlobRequestConditions { IfNoneMatch = Azure.ETag.All };
}
