using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Ranges;
using OrleansClean.Execution.Ranges;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>Finds, before a batch begins, the pieces of its large files that workers are to share. It reads each such file once, and cleans nothing.</summary>
internal static class PieceSurvey
{
    /// <summary>Pieces of one file: what is told of them travels in one line of the journal.</summary>
    public const int PiecesMax = 64;

    /// <summary>The listing with the pieces of those files that can be cut and have to be cleaned.</summary>
    public static async Task<InputListing> CutAsync(CleaningBatch batch, InputListing listing, CancellationToken cancellationToken)
    {
        if (batch.Submission.PieceBytes is not { } bytes || batch.Plan.Write.Combine)
        {
            return listing;
        }

        var items = listing.Items.ToArray();
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i] is { Key: not null, Refusal: null } item && item.Bytes / 2 >= bytes && (item.Record is null || batch.Submission.Force))
            {
                // Reading computes, and waits for a store without knowing how to wait without a thread.
                var found = await Task.Factory.StartNew(
                    () => Find(batch, listing.Header, item, bytes, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                items[i] = item with { Pieces = found };
            }
        }

        return listing with { Items = items };
    }

    private static ListedPieces? Find(CleaningBatch batch, BatchHeader header, ListedInput item, long bytes, CancellationToken cancellationToken)
    {
        var (source, key, etag) = (batch.InputOf(header.InputRoots[item.Root]), ObjectName.Parse(item.Key!), new ETag(item.Etag));
        var survey = new FileSurvey(Math.Max(bytes, item.Bytes / PiecesMax));
        try
        {
            var job = new FileCleaning
            {
                Plan = batch.Plan,
                InputName = item.Name,
                OpenInput = () => source.OpenReadAsync(key, etag, cancellationToken).Now(),
                Outputs = NoOutputs.Instance,
                BatchId = batch.Id,
                Now = batch.Submission.FrozenAt.UtcDateTime,
            };
            using var file = RangedFile.Survey(job, survey, cancellationToken);
            if (file.Obstacle is not null)
            {
                return null;
            }

            RangedCleaner.RunPasses(file, new CoreBudget(Environment.ProcessorCount));
        }
        catch (Exception e) when (e is FileFailedException or StorageException { IsTransient: false })
        {
            // Whatever is wrong with the file is told by the attempt to clean it. What may pass is tried again with the listing.
            return null;
        }

        return survey.Pieces is { Length: > 1 } pieces ? new ListedPieces([.. pieces.Select(piece => piece.Begin)], survey.End, survey.Reading!) : null;
    }
}
