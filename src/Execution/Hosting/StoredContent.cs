using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
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
    public static async Task<string> HashAsync(IObjectStore store, ObjectName name, ETag etag, CancellationToken cancellationToken)
    {
        await using var content = await store.OpenReadAsync(name, etag, cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            for (var read = content.Read(block); read > 0; read = content.Read(block))
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(block, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The same; null if it is not there any more.</summary>
    public static async Task<string?> HashAsync(IObjectStore store, StoredObject found, CancellationToken cancellationToken)
    {
        try
        {
            return await HashAsync(store, found.Name, found.ETag, cancellationToken);
        }
        catch (StorageException e) when (e.Fault is StorageFault.Changed or StorageFault.Missing)
        {
            return null;
        }
    }

    /// <summary>True if an object holds these bytes; it is read only if it has their length.</summary>
    public static async Task<bool> IsAsync(IObjectStore store, StoredObject found, long bytes, string sha256, CancellationToken cancellationToken) =>
        found.Bytes == bytes && string.Equals(await HashAsync(store, found, cancellationToken), sha256, StringComparison.Ordinal);

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
