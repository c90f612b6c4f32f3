using System.Buffers;
using System.Collections.Immutable;
using OrleansClean.Cleaning.Verifying;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// Knows what stands by its content. In a folder that was copied, restored or touched the same bytes stand under other tags, and only other bytes
/// are somebody's work.
/// </summary>
internal static class StoredContent
{
    private const int BlockBytes = 1 << 20;

    /// <summary>The SHA-256 of an object in lower-case hex, read once from beginning to end. Throws as reading does.</summary>
    public static Task<string> HashAsync(IObjectStore store, ObjectName name, ETag etag, CancellationToken cancellationToken) =>
        DigestAsync(store, name, etag, like: null, cancellationToken);

    private static async Task<string> DigestAsync(IObjectStore store, ObjectName name, ETag etag, string? like, CancellationToken cancellationToken)
    {
        await using var content = await store.OpenReadAsync(name, etag, cancellationToken);
        using var hash = ContentDigest.Like(like);
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            for (var read = content.Read(block); read > 0; read = content.Read(block))
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.Append(block.AsSpan(0, read));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        return hash.Finish();
    }

    /// <summary>The same; null if it is not there any more.</summary>
    public static Task<string?> HashAsync(IObjectStore store, StoredObject found, CancellationToken cancellationToken) =>
        DigestAsync(store, found, like: null, cancellationToken);

    private static async Task<string?> DigestAsync(IObjectStore store, StoredObject found, string? like, CancellationToken cancellationToken)
    {
        try
        {
            return await DigestAsync(store, found.Name, found.ETag, like, cancellationToken);
        }
        catch (StorageException e) when (e.Fault is StorageFault.Changed or StorageFault.Missing)
        {
            return null;
        }
    }

    /// <summary>True if an object holds these bytes, by their digest in any form; it is read only if it has their length.</summary>
    public static async Task<bool> IsAsync(IObjectStore store, StoredObject found, long bytes, string digest, CancellationToken cancellationToken) =>
        found.Bytes == bytes && string.Equals(await DigestAsync(store, found, digest, cancellationToken), digest, StringComparison.Ordinal);

    /// <summary>
    /// The record with the tags under which what it wrote stands now. An object whose content is another one, or of which no hash was recorded,
    /// keeps its tag.
    /// </summary>
    public static async Task<OutputRecord> RecogniseAsync(
        IObjectStore store, OutputRecord record, IReadOnlyDictionary<string, string> standing, CancellationToken cancellationToken)
    {
        var objects = ImmutableArray.CreateBuilder<WrittenObject>(record.Objects.Length);
        foreach (var written in record.Objects)
        {
            objects.Add(
                written.Sha256 is { } sha256
                && standing.TryGetValue(written.Name, out var tag) && !string.Equals(tag, written.Etag, StringComparison.Ordinal)
                && await store.FindAsync(ObjectName.Parse(written.Name), cancellationToken) is { } found && found.ETag.Value == tag
                && await IsAsync(store, found, written.Bytes, sha256, cancellationToken)
                    ? written with { Etag = tag }
                    : written);
        }

        return record with { Objects = objects.MoveToImmutable() };
    }
}
