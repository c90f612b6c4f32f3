using Azure.Storage.Blobs.Models;
using OrleansClean.Storage.Blobs;

namespace OrleansClean.Storage.AzureBlobs;

/// <summary>Looking, listing, and reading whole documents.</summary>
internal sealed class BlobReads(BlobRoot root, StoreLimits limits, int pageSize)
{
    public async ValueTask<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken)
    {
        try
        {
            var found = (await root.Reading(name).GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
            return new StoredObject(name, found.ContentLength, BlobTags.Ours(found.ETag));
        }
        catch (Exception e) when (BlobErrors.Knows(e, cancellationToken))
        {
            return BlobErrors.IsAbsent(e) ? null : throw BlobErrors.Of(e, root.Locate(name), "looked at");
        }
    }

    public async ValueTask<ObjectListing> ListAsync(ListScope scope, CancellationToken cancellationToken)
    {
        List<StoredObject> objects = [];
        List<RefusedEntry> refused = [];
        var prefix = root.Prefix + ScopeFilter.PrefixOf(scope);
        try
        {
            // One level is asked for as such, so that what lies deeper is not sent.
            if (scope.DepthMax == 1)
            {
                await foreach (var page in root.Reads.GetBlobsByHierarchyAsync(delimiter: "/", prefix: prefix, cancellationToken: cancellationToken).AsPages(null, pageSize))
                {
                    Add(page.Values.Where(item => item.IsBlob).Select(item => item.Blob));
                }
            }
            else
            {
                await foreach (var page in root.Reads.GetBlobsAsync(prefix: prefix, cancellationToken: cancellationToken).AsPages(null, pageSize))
                {
                    Add(page.Values);
                }
            }
        }
        catch (Exception e) when (BlobErrors.Knows(e, cancellationToken))
        {
            throw BlobErrors.Of(e, $"{root.Reads.Uri.GetLeftPart(UriPartial.Path)}/{prefix}", "listed");
        }

        return ScopeFilter.Finish(objects, refused);

        void Add(IEnumerable<BlobItem> items)
        {
            root.CountOperation();
            foreach (var item in items)
            {
                var name = item.Name[root.Prefix.Length..];
                if (ScopeFilter.Takes(scope, name))
                {
                    ScopeFilter.Add(name, item.Properties.ContentLength ?? 0, BlobTags.Ours(item.Properties.ETag ?? default), objects, refused);
                }
            }
        }
    }

    public async ValueTask<StoredDocument?> ReadDocumentAsync(ObjectName name, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = (await root.Reading(name).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value;
            var length = answer.Details.ContentLength;
            limits.CheckDocument(name, (int)Math.Min(length, int.MaxValue));
            var content = new byte[length];
            await answer.Content.ReadExactlyAsync(content, cancellationToken);
            return new StoredDocument(content, BlobTags.Ours(answer.Details.ETag));
        }
        catch (Exception e) when (BlobErrors.Knows(e, cancellationToken))
        {
            return BlobErrors.IsAbsent(e) ? null : throw BlobErrors.Of(e, root.Locate(name), "read");
        }
    }
}
