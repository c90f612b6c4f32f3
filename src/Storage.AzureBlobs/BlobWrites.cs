using Azure.Storage.Blobs.Models;
using OrleansClean.Storage.Blobs;

namespace OrleansClean.Storage.AzureBlobs;

/// <summary>
/// Commits, documents and deletions. Each is sent once; where the answer leaves open what happened, what stands there
/// decides: ours is done, another's is a conflict, unchanged is unknown, because a request may still be on its way.
/// </summary>
internal sealed class BlobWrites(BlobRoot root)
{
    /// <summary>The metadata that tells our commit from another's.</summary>
    public const string CommitKey = "commitid";

    private const long OneRequestBytesMax = 512L << 20;
    private const string StageKey = "stage";

    public async ValueTask<CommitResult> CommitAsync(StagedReference staged, Precondition precondition, CommitId commit)
    {
        if (!BlockIds.TryRead(staged, out var ids))
        {
            return new CommitResult.StageLost($"What was staged for {root.Locate(staged.Name)} was not staged in this store. It must be cleaned again.");
        }

        var options = new CommitBlockListOptions
        {
            Conditions = BlobTags.Conditions(precondition),
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [CommitKey] = commit.Value, [StageKey] = staged.Stage.ToString() },
        };
        Exception failure;
        try
        {
            var written = await root.Writing(staged.Name).CommitBlockListAsync(ids, options, CancellationToken.None);
            return new CommitResult.Published(BlobTags.Ours(written.Value.ETag));
        }
        catch (Exception e) when (BlobErrors.Knows(e, CancellationToken.None))
        {
            failure = BlobErrors.LeavesOpen(e) ? e : throw BlobErrors.Of(e, root.Locate(staged.Name), "written");
        }

        var (canSee, standing, properties) = await LookAsync(staged.Name);
        if (!canSee)
        {
            return new CommitResult.Unknown($"{root.Locate(staged.Name)} may have been written: {BlobErrors.Describe(failure)}, and it cannot be looked at.");
        }

        if (properties is not null && properties.Metadata.TryGetValue(CommitKey, out var id) && string.Equals(id, commit.Value, StringComparison.Ordinal))
        {
            return new CommitResult.Published(standing!.ETag);
        }

        if (standing?.ETag != precondition.Expected)
        {
            return new CommitResult.Conflict(standing, $"{root.Locate(staged.Name)} was written by someone else. Nothing was replaced; run the same command again.");
        }

        return BlobErrors.Is(failure, BlobErrorCode.InvalidBlockList)
            ? new CommitResult.StageLost($"What was staged for {root.Locate(staged.Name)} is not there any more. Nothing was replaced; it must be cleaned again.")
            : new CommitResult.Unknown($"{root.Locate(staged.Name)} is unchanged, but may still be written: {BlobErrors.Describe(failure)}.");
    }

    public async ValueTask<WriteResult> WriteDocumentAsync(ObjectName name, ReadOnlyMemory<byte> content, Precondition precondition, BlobReads reads)
    {
        var options = new BlobUploadOptions
        {
            Conditions = BlobTags.Conditions(precondition),

            // One request. Left to itself the client may cut the document into blocks whose ids are the same for every writer, and
            // of two writers that compare and swap one then publishes the other's bytes.
            TransferOptions = new Azure.Storage.StorageTransferOptions { InitialTransferSize = OneRequestBytesMax },
            TransferValidation = new Azure.Storage.UploadTransferValidationOptions { ChecksumAlgorithm = Azure.Storage.StorageChecksumAlgorithm.MD5 },
        };
        Exception failure;
        try
        {
            using var body = new MemoryStream(content.ToArray(), writable: false);
            var written = await root.Writing(name).UploadAsync(body, options, CancellationToken.None);
            return new WriteResult.Written(BlobTags.Ours(written.Value.ETag));
        }
        catch (Exception e) when (BlobErrors.Knows(e, CancellationToken.None))
        {
            failure = BlobErrors.LeavesOpen(e) ? e : throw BlobErrors.Of(e, root.Locate(name), "written");
        }

        var (canSee, standing, _) = await LookAsync(name);
        if (canSee && standing?.ETag != precondition.Expected)
        {
            // The same length: then it is worth reading whether it is ours, whose answer was lost.
            return standing?.Bytes == content.Length && await reads.ReadDocumentAsync(name, CancellationToken.None) is { } found && found.Content.Span.SequenceEqual(content.Span)
                ? new WriteResult.Written(found.ETag)
                : new WriteResult.Conflict(standing);
        }

        return new WriteResult.Unknown($"{root.Locate(name)} may have been written: {BlobErrors.Describe(failure)}.");
    }

    public async ValueTask<bool> DeleteAsync(ObjectName name, ETag etag)
    {
        Exception failure;
        try
        {
            await root.Writing(name).DeleteAsync(DeleteSnapshotsOption.None, new BlobRequestConditions { IfMatch = BlobTags.Theirs(etag) }, CancellationToken.None);
            return true;
        }
        catch (Exception e) when (BlobErrors.Knows(e, CancellationToken.None))
        {
            if (BlobErrors.IsAbsent(e))
            {
                return true;
            }

            failure = BlobErrors.LeavesOpen(e) ? e : throw BlobErrors.Of(e, root.Locate(name), "deleted");
        }

        var (canSee, standing, _) = await LookAsync(name);
        if (canSee && standing?.ETag != etag)
        {
            return standing is null;
        }

        throw BlobErrors.Of(failure, root.Locate(name), "deleted");
    }

    /// <summary>What stands there now; nothing if it cannot be seen.</summary>
    private async ValueTask<(bool CanSee, StoredObject? Standing, BlobProperties? Properties)> LookAsync(ObjectName name)
    {
        try
        {
            var properties = (await root.Reading(name).GetPropertiesAsync(cancellationToken: CancellationToken.None)).Value;
            return (true, new StoredObject(name, properties.ContentLength, BlobTags.Ours(properties.ETag)), properties);
        }
        catch (Exception e) when (BlobErrors.Knows(e, CancellationToken.None))
        {
            return (BlobErrors.IsAbsent(e), null, null);
        }
    }
}
