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

        return await output.FindAsync(name, cancellationToken) is { } found
            ? await output.OpenReadAsync(name, found.ETag, cancellationToken)
            : null;
    }

    private static string FileOf(BatchPaper paper, string? input) => paper switch
    {
        BatchPaper.Report => StateNames.ReportFile,
        BatchPaper.Files => StateNames.FilesFile,
        BatchPaper.Manifest => StateNames.ManifestFile,
        _ => $"rejects/{input ?? throw new ArgumentNullException(nameof(input))}.jsonl",
    };
}
