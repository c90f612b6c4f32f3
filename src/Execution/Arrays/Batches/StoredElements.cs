using OrleansClean.Cleaning.Arrays;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Arrays.Batches;

/// <summary>An array in a store, pinned to one content. Each read is a request: they should be large.</summary>
internal sealed class StoredElements(IObjectStore store, ObjectName name, ETag tag, NpyHeader header, CancellationToken cancellationToken) : IElementSource
{
    /// <inheritdoc />
    public string Name => name.Value;

    /// <inheritdoc />
    public NpyHeader Header => header;

    /// <summary>Reads the header, and holds it against the size of the object. Throws as <see cref="NpyHeader.Read"/> does.</summary>
    public static async Task<NpyHeader> ReadHeaderAsync(IObjectStore store, ObjectName name, ETag tag, CancellationToken cancellationToken)
    {
        var found = await store.FindAsync(name, cancellationToken);
        if (found is null || found.ETag != tag)
        {
            throw new StorageException(StorageFault.Changed, $"{store.Locate(name)} is not what it was.");
        }

        await using var head = await store.OpenReadAsync(name, tag, new ByteRange(0, NpyHeader.PreludeBytes + NpyHeader.HeaderBytesMax), cancellationToken);
        var header = NpyHeader.Read(head, name.Value);
        header.Check(found.Bytes, name.Value);
        return header;
    }

    /// <inheritdoc />
    public void Read(long index, Span<byte> block)
    {
        var range = new ByteRange(header.Bytes.Length + (index * header.Element.Bytes()), block.Length);
        using var content = store.OpenReadAsync(name, tag, range, cancellationToken).AsTask().GetAwaiter().GetResult();
        content.ReadExactly(block);
    }
}

/// <summary>One range of an array, in memory.</summary>
/// <param name="name">The array.</param>
/// <param name="header">Its header.</param>
/// <param name="first">The range's first element.</param>
/// <param name="elements">Its elements.</param>
internal sealed class RangeElements(string name, NpyHeader header, long first, ReadOnlyMemory<byte> elements) : IElementSource
{
    /// <inheritdoc />
    public string Name => name;

    /// <inheritdoc />
    public NpyHeader Header => header;

    /// <summary>Its first element.</summary>
    public long First => first;

    /// <summary>The element behind its last one.</summary>
    public long End => first + (elements.Length / header.Element.Bytes());

    /// <inheritdoc />
    public void Read(long index, Span<byte> block) => elements.Span.Slice((int)(index - first) * header.Element.Bytes(), block.Length).CopyTo(block);
}
