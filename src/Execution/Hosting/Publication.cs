using System.Collections.Immutable;
using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Cleaning;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>Publishes intents: all objects of one in their order, each decided by what the store shows afterwards.</summary>
/// <param name="store">Where they go.</param>
/// <param name="flushAsync">Ends when what was published before survives the loss of power.</param>
internal sealed class Publication(IObjectStore store, Func<CancellationToken, Task> flushAsync)
{
    private const int SendingsMax = 3;

    /// <summary>Publishes an intent, or says what stands in its way. It may be sent as often as one likes.</summary>
    public async Task<CommitOutcome> PublishAsync(CommitIntent intent, CancellationToken cancellationToken)
    {
        var isPublished = false;
        try
        {
            var tags = ImmutableArray.CreateBuilder<string>(intent.Objects.Length);
            var isNews = false;
            foreach (var item in intent.Objects)
            {
                var staged = StagedReference.Parse(item.Staged);
                switch (await CommitAsync(staged, item.Precondition(), item.Sha256, new CommitId(intent.Commit), cancellationToken))
                {
                    case CommitResult.Published published:
                        tags.Add(published.ETag.Value);
                        isNews |= staged.ETag != published.ETag;
                        break;
                    case CommitResult.Conflict conflict:
                        return new CommitOutcome.Conflict(conflict.Reason);
                    case CommitResult.StageLost:
                        return new CommitOutcome.StageLost();
                    default:
                        return new CommitOutcome.Unknown();
                }
            }

            isPublished = true;
            if (intent.Deletion is { } old)
            {
                // False means that somebody wrote it anew: then it is theirs.
                await store.DeleteAsync(ObjectName.Parse(old.Name), new ETag(old.Etag), cancellationToken);
            }

            await flushAsync(cancellationToken);
            return new CommitOutcome.Published(isNews
                ? JsonSerializer.Serialize(new PublishedTags(tags.DrainToImmutable()), ExecutionJson.Lines.PublishedTags)
                : "");
        }
        catch (StorageException e) when (!e.IsTransient && !isPublished)
        {
            return new CommitOutcome.Refused(new Failure(ProblemCodes.StorageError, e.Message, IsTransient: false));
        }
        catch (StorageException)
        {
            // If the output stands, that it failed would be a lie: what is left to do is tried until it is done.
            return new CommitOutcome.Unknown();
        }
    }

    /// <summary>Publishes the records of rejected rows alone, in the batch's state.</summary>
    public async Task KeepRecordsAsync(CommitIntent intent, string batchId, CancellationToken cancellationToken)
    {
        var folder = HostingNames.RejectRecords(batchId);
        foreach (var item in intent.Objects)
        {
            var staged = StagedReference.Parse(item.Staged);
            if (staged.Name.Value.StartsWith(folder, StringComparison.Ordinal)
                && await CommitAsync(staged, item.Precondition(), item.Sha256, new CommitId(intent.Commit), cancellationToken) is CommitResult.Unknown unknown)
            {
                throw new StorageException(StorageFault.Other, unknown.Reason);
            }
        }
    }

    /// <summary>Publishes one object, sent again a few times while its outcome is not known.</summary>
    public async Task<CommitResult> CommitUntilKnownAsync(
        StagedReference staged, Precondition precondition, string sha256, CommitId commit, CancellationToken cancellationToken)
    {
        CommitResult result = new CommitResult.Unknown("");
        for (var sent = 0; result is CommitResult.Unknown && sent < SendingsMax; sent++)
        {
            result = await CommitAsync(staged, precondition, sha256, commit, cancellationToken);
        }

        return result;
    }

    /// <summary>
    /// Publishes one object. A conflict with the same bytes is none: an earlier attempt published them, and the journal of it was lost with
    /// the power, or never written.
    /// </summary>
    public async Task<CommitResult> CommitAsync(
        StagedReference staged, Precondition precondition, string sha256, CommitId commit, CancellationToken cancellationToken)
    {
        var result = await store.CommitAsync(staged, precondition, commit, cancellationToken);
        return result is CommitResult.Conflict { Current: { } current }
            && await StoredContent.IsAsync(store, current, staged.Bytes, sha256, cancellationToken)
            ? new CommitResult.Published(current.ETag)
            : result;
    }
}
