using System.Collections.Immutable;
using System.Text.Json;
using OrleansClean.Execution.Running;
using OrleansClean.Storage;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.State;

/// <summary><c>listing.jsonl</c>: a header and one line for each input, written once and never changed.</summary>
internal static class FrozenListing
{
    /// <summary>Writes the listing of a new batch.</summary>
    public static async Task WriteAsync(PreparedBatch batch, CancellationToken cancellationToken)
    {
        var roots = batch.Header.InputRoots;
        await batch.Store.WriteAsync(StateNames.Of(batch.Id, StateNames.ListingFile), stream =>
        {
            using var buffered = new BufferedStream(stream, 1 << 16);
            JsonSerializer.Serialize(buffered, batch.Header, ExecutionJson.Lines.BatchHeader);
            buffered.WriteByte((byte)'\n');
            foreach (var item in batch.Items)
            {
                var root = item.Source is FolderStore folder ? roots.IndexOf(folder.Root, StringComparer.Ordinal) : -1;
                JsonSerializer.Serialize(
                    buffered,
                    new ListedInput(item.Name, root, item.Key?.Value, item.Bytes, item.ETag.Value ?? "", item.Output?.Value ?? "", item.Rejects?.Value ?? "", item.Refusal),
                    ExecutionJson.Lines.ListedInput);
                buffered.WriteByte((byte)'\n');
            }
        }, cancellationToken);
    }

    /// <summary>The items of a batch that was started before.</summary>
    public static ImmutableArray<BatchItem> Read(FolderStore folder, BatchHeader header, Func<string, IObjectStore> sourceOf)
    {
        var items = ImmutableArray.CreateBuilder<BatchItem>();
        foreach (var line in ReadInputs(folder.PathOf(StateNames.Of(header.BatchId, StateNames.ListingFile))))
        {
            items.Add(new BatchItem(
                items.Count,
                line.Name,
                line.Root < 0 ? null : sourceOf(header.InputRoots[line.Root]),
                line.Key is null ? null : ObjectName.Parse(line.Key),
                line.Bytes,
                new ETag(line.Etag),
                line.Output.Length == 0 ? null : ObjectName.Parse(line.Output),
                line.Rejects.Length == 0 ? null : ObjectName.Parse(line.Rejects),
                line.Refusal));
        }

        return items.DrainToImmutable();
    }

    /// <summary>The lines behind the header.</summary>
    public static IEnumerable<ListedInput> ReadInputs(string path) =>
        File.ReadLines(path).Skip(1).Select(line => JsonSerializer.Deserialize(line, ExecutionJson.Lines.ListedInput)!);
}
