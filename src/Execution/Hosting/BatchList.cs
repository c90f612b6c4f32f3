using System.Text.Json;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>Lists the batches of an output root by what they left in it.</summary>
internal static class BatchList
{
    private const int HeaderBytesMax = 1 << 20;

    /// <summary>The batches, newest first; those whose inputs are not listed yet are left out.</summary>
    public static async Task<IReadOnlyList<ListedBatch>> ReadAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var scope = new ListScope(
            HostingNames.Batches,
            DepthMax: 2,
            IncludeHidden: true,
            name => name.EndsWith("/" + StateNames.ListingFile, StringComparison.Ordinal) || name.EndsWith("/" + StateNames.ReportFile, StringComparison.Ordinal));
        var found = (await store.ListAsync(scope, cancellationToken)).Objects;
        var done = found.Where(o => o.Name.FileName == StateNames.ReportFile).Select(o => o.Name.Folder).ToHashSet(StringComparer.Ordinal);
        var batches = new List<ListedBatch>();
        foreach (var listing in found.Where(o => o.Name.FileName == StateNames.ListingFile))
        {
            if (await HeaderAsync(store, listing, cancellationToken) is { } header)
            {
                batches.Add(new ListedBatch(header.BatchId, header.PlanName, header.StartedAt, done.Contains(listing.Name.Folder)));
            }
        }

        return [.. batches.OrderByDescending(b => b.SubmittedAt).ThenByDescending(b => b.Id, StringComparer.Ordinal)];
    }

    private static async Task<BatchHeader?> HeaderAsync(IObjectStore store, StoredObject listing, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await store.OpenReadAsync(listing.Name, listing.ETag, new ByteRange(0, HeaderBytesMax), cancellationToken);
            using var lines = new StreamReader(content);
            return await lines.ReadLineAsync(cancellationToken) is { } line ? JsonSerializer.Deserialize(line, ExecutionJson.Lines.BatchHeader) : null;
        }
        catch (Exception e) when (e is JsonException or StorageException { Fault: StorageFault.Changed or StorageFault.Missing })
        {
            // Damaged, of another version, or just being replaced.
            return null;
        }
    }
}
