using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Reports;
using OrleansClean.Storage;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.State;

/// <summary>What batches left in the store of their outputs, read as it is.</summary>
internal static class StoredBatches
{
    private const int HeaderBytesMax = 1 << 20;

    /// <summary>The ids of the batches that have a listing, each with whether it has a report, in no order.</summary>
    public static async Task<IReadOnlyDictionary<string, bool>> FindAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var scope = new ListScope(
            StateNames.Batches,
            DepthMax: 2,
            IncludeHidden: true,
            name => name.EndsWith("/" + StateNames.ListingFile, StringComparison.Ordinal) || name.EndsWith("/" + StateNames.ReportFile, StringComparison.Ordinal));
        var found = (await store.ListAsync(scope, cancellationToken)).Objects;
        var reported = found.Where(o => o.Name.FileName == StateNames.ReportFile).Select(o => o.Name.Folder).ToHashSet(StringComparer.Ordinal);
        return found.Where(o => o.Name.FileName == StateNames.ListingFile)
            .ToDictionary(o => o.Name.Folder[(StateNames.Batches.Length + 1)..], o => reported.Contains(o.Name.Folder), StringComparer.Ordinal);
    }

    /// <summary>What a batch was started with; null if it was not. Throws <see cref="UsageException"/> if that cannot be read.</summary>
    public static async Task<BatchHeader?> ReadHeaderAsync(IObjectStore store, string id, CancellationToken cancellationToken)
    {
        var name = StateNames.Of(id, StateNames.ListingFile);
        if (await store.FindAsync(name, cancellationToken) is not { } found)
        {
            return null;
        }

        try
        {
            await using var content = await store.OpenReadAsync(name, found.ETag, new ByteRange(0, HeaderBytesMax), cancellationToken);
            using var lines = new StreamReader(content);
            var line = await lines.ReadLineAsync(cancellationToken);
            return line is null ? null : JsonSerializer.Deserialize(line, ExecutionJson.Lines.BatchHeader);
        }
        catch (JsonException e)
        {
            throw new UsageException($"{store.Locate(name)} is damaged or of another version ({e.Message.Split('.')[0]}). Move the folder of batch {id} away; its outputs stay.");
        }
    }

    /// <summary>A batch's report; null if it has none that can be read.</summary>
    public static async Task<BatchReport?> ReadReportAsync(IObjectStore store, string id, CancellationToken cancellationToken)
    {
        if (await store.ReadDocumentAsync(StateNames.Of(id, StateNames.ReportFile), cancellationToken) is not { } report)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(report.Content.Span, ExecutionJson.Pages.BatchReport);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Removes a batch's report, if it has one: a batch that is under way has none.</summary>
    public static async Task RemoveReportAsync(IObjectStore store, string id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(StateNames.Of(id, StateNames.ReportFile), cancellationToken) is { } report)
        {
            await store.DeleteAsync(report.Name, report.ETag, cancellationToken);
        }
    }

    /// <summary>What a batch was submitted as, by its journal; null if it was not.</summary>
    public static async Task<BatchSpec?> FindSpecAsync(IObjectStore store, string id, CancellationToken cancellationToken)
    {
        await foreach (var happened in JournalHistory.ReadAsync(store, id, cancellationToken))
        {
            if (happened is BatchEvent.Submitted submitted)
            {
                return submitted.Spec;
            }
        }

        return null;
    }

    /// <summary>Removes what a batch left in the state, its listing last: until then it can be removed again.</summary>
    public static async Task RemoveAsync(IObjectStore store, string id, CancellationToken cancellationToken)
    {
        var found = (await store.ListAsync(new ListScope($"{StateNames.Batches}/{id}", IncludeHidden: true), cancellationToken)).Objects;
        foreach (var one in found.OrderBy(one => one.Name.FileName == StateNames.ListingFile))
        {
            await store.DeleteAsync(one.Name, one.ETag, cancellationToken);
        }

        if (store is FolderStore folder && Directory.Exists(folder.PathOf(ObjectName.Parse($"{StateNames.Batches}/{id}"))))
        {
            Directory.Delete(folder.PathOf(ObjectName.Parse($"{StateNames.Batches}/{id}")), recursive: true);
        }
    }

    /// <summary>True if the same request would continue the batch instead of starting the next.</summary>
    public static async Task<bool> IsUnfinishedAsync(IObjectStore store, string id, CancellationToken cancellationToken) =>
        !await JournalHistory.IsFinishedAsync(store, id, cancellationToken)
        || (await ReadReportAsync(store, id, cancellationToken))?.Status is BatchStatus.Cancelled or BatchStatus.Timeout;
}
