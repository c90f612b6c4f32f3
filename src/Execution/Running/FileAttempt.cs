using System.Diagnostics;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Publishing;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Running;

/// <summary>Cleans one file once: reads the listed content, stages what is made of it, and checks that both hold together.</summary>
internal sealed class FileAttempt(PreparedBatch batch, BatchItem item, Action<long, long> progress)
{
    /// <summary>
    /// The cleaned file, sealed and not visible. Throws what the engine and the stores throw; then nothing is left behind.
    /// </summary>
    public ReadyFile Run(OutputRecord? before, CancellationToken cancellationToken)
    {
        var hash = batch.Request.HashInputs ? InputHash.Of(item, cancellationToken) : null;
        var outputs = new StagedOutputs(batch.Store, OutputName(), item.RejectRecordsIn(batch.Id), item.Rejects!);
        try
        {
            var started = Stopwatch.GetTimestamp();
            var report = batch.Seams.Clean(
                new FileCleaning
                {
                    Plan = batch.Plan,
                    InputName = item.Name,
                    InputBytes = item.Bytes,
                    OpenInput = () => item.Source!.OpenReadAsync(item.Key!, item.ETag, cancellationToken).Now(),
                    Outputs = outputs,
                    BatchId = batch.Id,
                    Now = batch.Header.StartedAt.UtcDateTime,
                    Progress = progress,
                },
                cancellationToken);
            outputs.Seal();
            CheckInput();
            if (!report.Rows.IsBalanced || outputs.Output is null)
            {
                throw new InvalidOperationException("The ledger does not balance.");
            }

            var summary = FileSummaries.Of(item.Name, report) with
            {
                InputEtag = item.ETag.Value,
                InputSha256 = hash,
                InputBytes = item.Bytes,
                Output = batch.Plan.Write.Combine ? null : Describe(outputs.Output, batch.Template.PathOf(outputs.Output.Name.Value)),
                Rejects = outputs.Rows is { } rows ? Describe(rows, batch.Template.PathOf(rows.Name.Value)) : null,
                Millis = (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds,
            };
            return new ReadyFile(item, summary, outputs, before);
        }
        catch
        {
            outputs.Dispose();
            throw;
        }
    }

    /// <summary>The part of a combined output, which lies in the batch's state until all parts are there.</summary>
    private ObjectName OutputName() => batch.Plan.Write.Combine
        ? CombinedOutput.PartName(batch.Id, item)
        : item.Output!;

    private static FileOutput Describe(StagedPart part, string path) => new(path, part.Sha256, part.Bytes);

    /// <summary>The engine may stop reading before the end; what it read must still be what is there.</summary>
    private void CheckInput()
    {
        var found = item.Source!.FindAsync(item.Key!, CancellationToken.None).Now();
        if (found?.ETag != item.ETag)
        {
            throw new StorageException(
                StorageFault.Changed,
                $"{item.Name} changed while it was read. Run the same command again when nobody writes to it.");
        }
    }
}
