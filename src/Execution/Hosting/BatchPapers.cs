using OrleansClean.Batches;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>Opens what a batch leaves behind, in the store of its outputs.</summary>
public static class BatchPapers
{
    private const int OpeningsMax = 20;

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
        for (var attempt = 1; ; attempt++)
        {
            if (await output.FindAsync(name, cancellationToken) is not { } found || found.Bytes < place?.Start + place?.Length)
            {
                return null;
            }

            try
            {
                return place is null
                    ? await output.OpenReadAsync(name, found.ETag, cancellationToken)
                    : await output.OpenReadAsync(name, found.ETag, new ByteRange(place.Start, place.Length), cancellationToken);
            }
            catch (StorageException e) when (place is not null && e.Fault is StorageFault.Changed && attempt < OpeningsMax)
            {
                // The log of a batch that is tried again still grows: what is at the place stays as it is.
            }
        }
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
