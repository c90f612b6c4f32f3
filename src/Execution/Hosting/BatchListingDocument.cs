using System.Text.Json;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// The frozen inputs of a batch: a header and a line for each item, largest first, so that no large one is left for the end. Kept as
/// bytes with the places of its lines: 100,000 items take some 30 MB.
/// </summary>
internal sealed class BatchListingDocument
{
    private readonly ReadOnlyMemory<byte> _content;
    private readonly int[] _starts;

    private BatchListingDocument(ReadOnlyMemory<byte> content, int[] starts)
    {
        _content = content;
        _starts = starts;
        Header = JsonSerializer.Deserialize(Line(0), ExecutionJson.Lines.BatchHeader)!;
    }

    public BatchHeader Header { get; }

    public int Count => _starts.Length - 2;

    /// <summary>An item, from zero.</summary>
    public ListedInput Item(int index) => JsonSerializer.Deserialize(Line(index + 1), ExecutionJson.Lines.ListedInput)!;

    /// <summary>Which input an item behind the inputs is a piece of, and which piece.</summary>
    public (int Input, int Number) FindPiece(int item)
    {
        var number = item - Count;
        for (var input = 0; input < Count && Item(input).Pieces is { } pieces; input++)
        {
            if (number < pieces.Begin.Length)
            {
                return (input, number);
            }

            number -= pieces.Begin.Length;
        }

        throw new ArgumentOutOfRangeException(nameof(item), item, "The listing has no such item.");
    }

    /// <summary>The items in the order of names, in which reports tell them.</summary>
    public int[] OrderOfNames()
    {
        var names = new string[Count];
        var order = new int[Count];
        for (var i = 0; i < order.Length; i++)
        {
            names[i] = Item(i).Name;
            order[i] = i;
        }

        Array.Sort(names, order, StringComparer.Ordinal);
        return order;
    }

    public static byte[] Encode(BatchHeader header, IEnumerable<ListedInput> items)
    {
        using var bytes = new MemoryStream();
        JsonSerializer.Serialize(bytes, header, ExecutionJson.Lines.BatchHeader);
        bytes.WriteByte((byte)'\n');
        foreach (var item in items)
        {
            JsonSerializer.Serialize(bytes, item, ExecutionJson.Lines.ListedInput);
            bytes.WriteByte((byte)'\n');
        }

        return bytes.ToArray();
    }

    public static async Task<BatchListingDocument> LoadAsync(IObjectStore store, ObjectName name, CancellationToken cancellationToken)
    {
        var document = await store.ReadDocumentAsync(name, cancellationToken)
            ?? throw new StorageException(StorageFault.Missing, $"The listing {store.Locate(name)} is missing. Submit the batch again under another id.");
        return Parse(document.Content);
    }

    public static BatchListingDocument Parse(ReadOnlyMemory<byte> content)
    {
        var starts = new List<int> { 0 };
        var bytes = content.Span;
        for (var end = bytes.IndexOf((byte)'\n'); end >= 0;)
        {
            starts.Add(end + 1);
            var next = bytes[(end + 1)..].IndexOf((byte)'\n');
            end = next < 0 ? -1 : end + 1 + next;
        }

        return new BatchListingDocument(content, [.. starts]);
    }

    private ReadOnlySpan<byte> Line(int number) => _content.Span[_starts[number]..(_starts[number + 1] - 1)];
}
