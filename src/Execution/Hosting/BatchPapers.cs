using OrleansClean.Batches;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>Opens what a batch leaves behind, in the store of its outputs.</summary>
public static class BatchPapers
{
    /// <summary>One of the papers; null if it does not stand (yet). <paramref name="input"/> is the input's name for <see cref="BatchPaper.Rejects"/>.</summary>
    public static async Task<Stream?> OpenAsync(IObjectStore output, string batchId, BatchPaper paper, string? input, CancellationToken cancellationToken)
    {
        if (!StateNames.IsId(batchId) || !ObjectName.TryParse($"{StateNames.Batches}/{batchId}/{FileOf(paper, input)}", out var name, out _))
        {
            return null;
        }

        return await OpenAsync(output, name, place: null, cancellationToken)
            ?? (paper is BatchPaper.Rejects ? await OpenAsideAsync(output, batchId, input!, cancellationToken) : null);
    }

    /// <summary>Opens an object, or what is at a place of it; null if there is none.</summary>
    internal static async Task<Stream?> OpenAsync(IObjectStore output, ObjectName name, AsidePlace? place, CancellationToken cancellationToken)
    {
        if (place is not null)
        {
            // A log that still grows has another tag from one call to the next, and what is in it never changes.
            return await output.ReadLogAsync(name, place.Start, cancellationToken) is { } read && read.Length >= place.Length
                ? new MemoryStream(read[..place.Length].ToArray(), writable: false)
                : null;
        }

        return await output.FindAsync(name, cancellationToken) is { } found
            ? await output.OpenReadAsync(name, found.ETag, cancellationToken)
            : null;
    }

    /// <summary>The records of an input that share a log with those of others: the file's summary says where they are.</summary>
    private static async Task<Stream?> OpenAsideAsync(IObjectStore output, string batchId, string input, CancellationToken cancellationToken)
    {
        var files = StateNames.Of(batchId, StateNames.FilesFile);
        if (await output.FindAsync(files, cancellationToken) is not { } found)
        {
            return null;
        }

        await foreach (var (line, _) in StoredLines.ReadAsync(output, files, found.ETag, cancellationToken))
        {
            if (StoredLines.Parse(line, ExecutionJson.Lines.FileSummary) is { CleanedBy: null } file && string.Equals(file.Path, input, StringComparison.Ordinal))
            {
                return file.Records is { } place
                    ? await OpenAsync(output, HostingNames.RejectRecords(batchId, input, place), place, cancellationToken)
                    : null;
            }
        }

        return null;
    }

    private static string FileOf(BatchPaper paper, string? input) => paper switch
    {
        BatchPaper.Report => StateNames.ReportFile,
        BatchPaper.Files => StateNames.FilesFile,
        BatchPaper.Manifest => StateNames.ManifestFile,
        _ => $"rejects/{input ?? throw new ArgumentNullException(nameof(input))}.jsonl",
    };
}
