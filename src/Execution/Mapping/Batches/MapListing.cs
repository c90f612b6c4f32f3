using System.Text.Json;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Mapping.Batches;

/// <summary>A map's inputs cut into chunks, frozen when the map began.</summary>
internal sealed class MapListing
{
    /// <summary>Chunks of a map at most: larger inputs have larger chunks.</summary>
    public const int ChunksMax = 100_000;

    /// <summary>Chunks that the listing aims at where nobody gives a size, and inputs of one at most.</summary>
    private const int ChunksAimed = 1_000;

    private readonly ListedChunk[] _chunks;

    private MapListing(ListedChunk[] chunks) => _chunks = chunks;

    /// <summary>How many chunks there are.</summary>
    public int Count => _chunks.Length;

    /// <summary>A chunk.</summary>
    public ListedChunk this[int index] => _chunks[index];

    /// <summary>
    /// Cuts the lines of <paramref name="open"/>, which is read twice, into chunks: of <paramref name="asked"/> lines, or of a thousandth of
    /// all, at most 1,000. A kill costs the chunks that were under way, so that many small ones are better than few large ones.
    /// </summary>
    public static MapListing Cut(Func<Stream> open, int? asked)
    {
        var lines = 0L;
        Walk(open, (_, _) => lines++);
        var size = Math.Max(asked ?? Math.Clamp((lines + ChunksAimed - 1) / ChunksAimed, 1, ChunksAimed), (lines + ChunksMax - 1) / ChunksMax);
        var chunks = new List<ListedChunk>();
        var (first, start, line) = (0L, 0L, 0L);
        var end = 0L;
        Walk(open, (_, lineEnd) =>
        {
            line++;
            end = lineEnd;
            if (line - first == size)
            {
                chunks.Add(new ListedChunk(first, start, end - start));
                (first, start) = (line, end);
            }
        });
        if (line > first)
        {
            chunks.Add(new ListedChunk(first, start, end - start));
        }

        return new MapListing([.. chunks]);
    }

    /// <summary>The document: a chunk a line.</summary>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        foreach (var chunk in _chunks)
        {
            JsonSerializer.Serialize(bytes, chunk, MapJson.Default.ListedChunk);
            bytes.WriteByte((byte)'\n');
        }

        return bytes.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    public static async Task<MapListing> LoadAsync(IObjectStore store, ObjectName name, CancellationToken cancellationToken)
    {
        var document = await store.ReadDocumentAsync(name, cancellationToken)
            ?? throw new StorageException(StorageFault.Missing, $"The listing {store.Locate(name)} is missing. Move the folder {StateNames.Root} away and begin again.");
        var chunks = new List<ListedChunk>();
        for (var rest = document.Content.Span; rest.Length > 0;)
        {
            var length = rest.IndexOf((byte)'\n');
            chunks.Add(JsonSerializer.Deserialize(rest[..length], MapJson.Default.ListedChunk)!);
            rest = rest[(length + 1)..];
        }

        return new MapListing([.. chunks]);
    }

    private static void Walk(Func<Stream> open, Action<long, long> line)
    {
        using var stream = open();
        var block = new byte[1 << 17];
        var (offset, start) = (0L, 0L);
        while (stream.Read(block) is var count and > 0)
        {
            var rest = block.AsSpan(0, count);
            for (var end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
            {
                offset += end + 1;
                line(start, offset);
                start = offset;
                rest = rest[(end + 1)..];
            }

            offset += rest.Length;
        }

        if (offset > start)
        {
            line(start, offset);
        }
    }
}
