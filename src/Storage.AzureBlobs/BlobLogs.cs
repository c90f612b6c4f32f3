using Azure;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace OrleansClean.Storage.AzureBlobs;

/// <summary>Logs in append blobs. The service appends all of a block or nothing, and only at the position that is named.</summary>
internal sealed class BlobLogs(BlobRoot root, BlobReads reads, StoreLimits limits)
{
    public async ValueTask<AppendResult> AppendAsync(ObjectName name, long position, ReadOnlyMemory<byte> bytes)
    {
        var log = root.Appending(name);
        try
        {
            try
            {
                return await SendAsync(log, position, bytes);
            }
            catch (RequestFailedException e) when (position == 0 && BlobErrors.IsAbsent(e))
            {
                // The first append of a log: it is not there yet.
                root.CountOperation();
                await CreateAsync(log);
                root.CountOperation();
                return await SendAsync(log, position, bytes);
            }
        }
        catch (Exception e) when (BlobErrors.Knows(e, CancellationToken.None))
        {
            return await DecideAsync(name, e);
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(ObjectName name, long position, CancellationToken cancellationToken)
    {
        try
        {
            // What is appended never changes, so no tag is needed.
            var request = new BlobDownloadOptions { Range = new HttpRange(position, limits.LogReadBytesMax) };
            using var answer = (await root.Reading(name).DownloadStreamingAsync(request, cancellationToken)).Value;
            var content = new byte[answer.Details.ContentLength];
            await answer.Content.ReadExactlyAsync(content, cancellationToken);
            return content.AsMemory(0, LogText.WholeLines(content));
        }
        catch (Exception e) when (BlobErrors.Knows(e, cancellationToken))
        {
            if (BlobErrors.HasStatus(e, 416))
            {
                return ReadOnlyMemory<byte>.Empty;
            }

            return BlobErrors.IsAbsent(e) ? null : throw BlobErrors.Of(e, root.Locate(name), "read");
        }
    }

    private static async Task<AppendResult> SendAsync(AppendBlobClient log, long position, ReadOnlyMemory<byte> bytes)
    {
        using var body = new MemoryStream(bytes.ToArray(), writable: false);
        await log.AppendBlockAsync(
            body,
            new AppendBlobAppendBlockOptions
            {
                Conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = position },
                TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 },
            },
            CancellationToken.None);
        return new AppendResult.Appended(position + bytes.Length);
    }

    private static async Task CreateAsync(AppendBlobClient log)
    {
        try
        {
            var absent = new AppendBlobRequestConditions { IfNoneMatch = Azure.ETag.All };
            await log.CreateAsync(new AppendBlobCreateOptions { Conditions = absent }, CancellationToken.None);
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            // Someone else was faster; whose append is the first is for the position to say.
        }
    }

    private async ValueTask<AppendResult> DecideAsync(ObjectName name, Exception failure)
    {
        if (BlobErrors.Is(failure, BlobErrorCode.BlockCountExceedsLimit))
        {
            throw new StorageException(StorageFault.Full, $"{root.Locate(name)} has all the appends that the service allows. Begin another log.", failure);
        }

        var isAbsent = BlobErrors.IsAbsent(failure);
        if (BlobErrors.HasStatus(failure, 412) || isAbsent)
        {
            return isAbsent ? new AppendResult.Refused(0) : await RefusedAsync(name, failure);
        }

        return BlobErrors.LeavesOpen(failure) && !BlobErrors.Is(failure, BlobErrorCode.InvalidBlobType)
            ? new AppendResult.Unknown($"{root.Locate(name)} may have been appended to: {BlobErrors.Describe(failure)}.")
            : throw BlobErrors.Of(failure, root.Locate(name), "appended to");
    }

    private async ValueTask<AppendResult> RefusedAsync(ObjectName name, Exception failure)
    {
        try
        {
            return new AppendResult.Refused((await reads.FindAsync(name, CancellationToken.None))?.Bytes ?? 0);
        }
        catch (StorageException)
        {
            return new AppendResult.Unknown($"{root.Locate(name)} has another length, and it cannot be looked at: {BlobErrors.Describe(failure)}.");
        }
    }
}
