namespace OrleansClean.Storage;

/// <summary>The bounds of a store. A writer of a log rolls to the next one before it meets them.</summary>
/// <param name="LogAppendsMax">Appends that one log takes.</param>
/// <param name="LogAppendBytesMax">Bytes of one append.</param>
/// <param name="LogReadBytesMax">Bytes that one read of a log returns.</param>
/// <param name="DocumentBytesMax">Bytes of a document that is written in one call.</param>
/// <param name="ObjectBytesMax">Bytes of an object that is staged.</param>
public sealed record StoreLimits(
    int LogAppendsMax,
    int LogAppendBytesMax,
    int LogReadBytesMax,
    int DocumentBytesMax,
    long ObjectBytesMax)
{
    private const int MiB = 1 << 20;

    /// <summary>True where every call is a round trip that is billed: small contents that may share a call should.</summary>
    public bool IsRemote { get; init; }

    /// <summary>
    /// What Azure Blob Storage documents (50,000 appends, 4 MiB each in all versions), with room: one append of ours is at most 1 MiB, and
    /// a document fits the memory of a small machine. Stores without limits of their own take the same, so that what
    /// runs on one runs on all.
    /// </summary>
    public static StoreLimits Default { get; } = new(
        LogAppendsMax: 50_000,
        LogAppendBytesMax: MiB,
        LogReadBytesMax: 4 * MiB,
        DocumentBytesMax: 256 * MiB,
        ObjectBytesMax: long.MaxValue);

    /// <summary>Throws for a document that is too large.</summary>
    internal void CheckDocument(ObjectName name, int bytes) => Check(name, bytes, DocumentBytesMax, "A document", "write it as a staged object");

    /// <summary>Throws for an append that is too large, or does not end a line.</summary>
    internal void CheckAppend(ObjectName name, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[^1] is not (byte)'\n' || bytes[0] is 0)
        {
            throw new ArgumentException($"What is appended to {ObjectName.Show(name.Value)} must be whole lines of text.", nameof(bytes));
        }

        Check(name, bytes.Length, LogAppendBytesMax, "An append", "append it in parts");
    }

    private static void Check(ObjectName name, int bytes, int bytesMax, string what, string remedy)
    {
        if (bytes > bytesMax)
        {
            throw new StorageException(
                StorageFault.TooLarge,
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{what} to {ObjectName.Show(name.Value)} has {bytes} bytes, at most {bytesMax} are taken: {remedy}."));
        }
    }
}

/// <summary>A part of a content.</summary>
/// <param name="Start">Its first byte, from 0.</param>
/// <param name="Length">Its length, at least 1; less if the content ends before.</param>
public readonly record struct ByteRange(long Start, long Length);

/// <summary>A small object, read as a whole.</summary>
/// <param name="Content">All of its bytes.</param>
/// <param name="ETag">Which content that is.</param>
public sealed record StoredDocument(ReadOnlyMemory<byte> Content, ETag ETag);
