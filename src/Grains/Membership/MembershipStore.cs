using OrleansClean.Storage;

namespace OrleansClean.Grains.Membership;

/// <summary>
/// A cluster's membership document in an object store, changed by compare-and-swap. A change that meets another's write is decided again
/// on what stands there; an unknown outcome sends the same bytes again, and the bytes name their writer, so exactly one of two
/// equal changes wins.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="name">The document's name.</param>
/// <param name="time">The clock that waits between tries.</param>
public sealed class MembershipStore(IObjectStore store, ObjectName name, TimeProvider time)
{
    private const int TriesMax = 200;
    private const int WaitMax = 100;

    /// <summary>The name of a cluster's document.</summary>
    public static ObjectName NameFor(string cluster) => ObjectName.Parse($"clusters/{cluster}/membership.json");

    /// <summary>Reads the table; the empty one if there is none.</summary>
    public async Task<MembershipDocument> ReadAsync(CancellationToken cancellationToken) =>
        (await ReadWithTagAsync(cancellationToken)).Document;

    /// <summary>
    /// Applies <paramref name="change"/> to what stands there until it is written or gives null: false then. Throws
    /// <see cref="StorageException"/> if the store does not answer.
    /// </summary>
    public async Task<bool> ChangeAsync(Func<MembershipDocument, MembershipDocument?> change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= TriesMax; attempt++)
        {
            var (document, precondition) = await ReadWithTagAsync(cancellationToken);
            if (change(document) is not { } changed)
            {
                return false;
            }

            var bytes = (changed with { Writer = Guid.NewGuid().ToString("N") }).Encode();
            if (await WriteAsync(bytes, precondition, cancellationToken))
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, WaitMax)), time, cancellationToken);
        }

        throw new StorageException(StorageFault.Busy, $"{store.Locate(name)} could not be changed: others write it without end.");
    }

    /// <summary>Deletes the table.</summary>
    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        while (await store.FindAsync(name, cancellationToken) is { } found && !await store.DeleteAsync(name, found.ETag, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<bool> WriteAsync(byte[] bytes, Precondition precondition, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            switch (await store.WriteDocumentAsync(name, bytes, precondition, cancellationToken))
            {
                case WriteResult.Written:
                    return true;
                case WriteResult.Conflict:
                    return false;
                case WriteResult.Unknown unknown when attempt >= TriesMax:
                    throw new StorageException(StorageFault.Other, $"{store.Locate(name)} could not be written: {unknown.Reason}");
                default:
                    await Task.Delay(TimeSpan.FromMilliseconds(WaitMax), time, cancellationToken);
                    break;
            }
        }
    }

    private async Task<(MembershipDocument Document, Precondition Precondition)> ReadWithTagAsync(CancellationToken cancellationToken) =>
        await store.ReadDocumentAsync(name, cancellationToken) is { } found
            ? (MembershipDocument.Decode(found.Content.Span, store.Locate(name)), Precondition.Matches(found.ETag))
            : (MembershipDocument.Empty, Precondition.Absent);
}
