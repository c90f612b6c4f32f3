using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>One attempt at one file. Everything that it needs to know was looked up when the batch was listed.</summary>
internal sealed class CleaningAttempt(CleaningBatch batch, BatchHeader header, ListedInput item, AttemptId attempt, string worker)
{
    /// <summary>Bytes of an input that is held in memory while it is cleaned.</summary>
    private const int SmallBytesMax = 256 << 10;

    private readonly BatchItem _item = new(
        attempt.Item,
        item.Name,
        batch.Input,
        ObjectName.Parse(item.Key!),
        item.Bytes,
        new ETag(item.Etag),
        ObjectName.Parse(item.Output),
        ObjectName.Parse(item.Rejects),
        null);

    /// <summary>The outcome. Throws what the engine and the stores throw; then nothing is left behind but what a sweep finds.</summary>
    public AttemptOutcome Run(Action<long, long>? progress, CancellationToken cancellationToken)
    {
        string? sha256 = null;
        if (item.Record is not null && FindCurrent(ref sha256, cancellationToken) is { } current)
        {
            return new AttemptOutcome.Unchanged(SummaryText(current, cancellationToken));
        }

        sha256 ??= batch.Submission.HashInputs ? InputHash.Of(_item, cancellationToken) : null;
        var records = _item.RejectRecordsIn(batch.Id);
        var stage = StageId.Of(batch.Id, attempt.Item, attempt.Number);
        using var outputs = new HostedOutputs(batch.Output, stage, _item.Output!, records, _item.Rejects!);
        var checkpoints = new AttemptCheckpoints(batch, item, attempt, outputs);
        try
        {
            var ready = Clean(outputs, checkpoints, sha256, progress, cancellationToken);
            checkpoints.Forget();
            return ready;
        }
        catch (Exception failure)
        {
            // A file that cannot be cleaned cannot be cleaned later; everything else may be another attempt's luck.
            if (failure is not FileFailedException)
            {
                checkpoints.Leave();
            }

            outputs.Abandon();
            throw;
        }
    }

    private AttemptOutcome.Ready Clean(HostedOutputs outputs, AttemptCheckpoints checkpoints, string? sha256, Action<long, long>? progress, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var wasReadToEnd = false;
        byte[]? small = null;
        var report = batch.Seams.Clean(
            new FileCleaning
            {
                Plan = batch.Plan,
                InputName = item.Name,
                InputBytes = item.Bytes,
                OpenInput = () =>
                {
                    // The engine looks at the beginning first and then reads all of it: a small input is asked for once.
                    if (item.Bytes <= SmallBytesMax)
                    {
                        wasReadToEnd = true;
                        return new MemoryStream(small ??= ReadAll(cancellationToken), writable: false);
                    }

                    wasReadToEnd = false;
                    return new EndSeeing(Open(cancellationToken), () => wasReadToEnd = true);
                },
                Outputs = outputs,
                Checkpoints = checkpoints,
                BatchId = batch.Id,
                Now = batch.Submission.FrozenAt.UtcDateTime,
                Progress = progress ?? ((_, _) => { }),
            },
            cancellationToken);
        outputs.Seal(cancellationToken);
        if (!wasReadToEnd)
        {
            CheckInput();
        }

        if (!report.Rows.IsBalanced || outputs.Output is null)
        {
            throw new InvalidOperationException("The ledger does not balance.");
        }

        var summary = Summary(outputs, report, sha256) with { Millis = (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds };
        return new AttemptOutcome.Ready(Intent(outputs, summary).ToText(batch.Output, batch.Id, cancellationToken));
    }

    private Stream Open(CancellationToken cancellationToken) => _item.Source!.OpenReadAsync(_item.Key!, _item.ETag, cancellationToken).Now();

    private byte[] ReadAll(CancellationToken cancellationToken)
    {
        using var content = Open(cancellationToken);
        var bytes = new byte[item.Bytes];
        var length = content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);

        // One more read lets the store see that nothing came after the end.
        return length == bytes.Length && content.ReadByte() < 0
            ? bytes
            : throw new StorageException(StorageFault.Changed, $"{item.Name} changed while it was read. Run the same command again when nobody writes to it.");
    }

    private FileSummary Summary(HostedOutputs outputs, FileReport report, string? sha256) => FileSummaries.Of(item.Name, report) with
    {
        InputEtag = item.Etag,
        InputSha256 = sha256,
        InputBytes = item.Bytes,
        Output = Describe(outputs.Output!),
        Rejects = outputs.Rows is { } rows ? Describe(rows) : null,
        Attempts = attempt.Number,
        Worker = worker,
    };

    private FileOutput Describe(HostedPart part) => new(batch.Template.PathOf(part.Name.Value), part.Sha256, part.Bytes);

    /// <summary>Rejects first, the output last: whoever sees the output can see what is missing from it.</summary>
    private CommitIntent Intent(HostedOutputs outputs, FileSummary summary)
    {
        var (records, rows, output) = Found(outputs);
        if (item.IsEdited && outputs.Rows is not null && !batch.Submission.Force)
        {
            // Someone may be mending the rejected rows right there: their work is not replaced.
            throw new StorageException(
                StorageFault.Conflict,
                $"{batch.Output.Locate(_item.Rejects!)} was changed since it was written, and this run would replace it. Move it away, or run with --force.");
        }

        var objects = ImmutableArray.CreateBuilder<IntendedObject>(3);
        Add(outputs.Records, records);
        Add(outputs.Rows, rows);
        Add(outputs.Output, output);
        return new CommitIntent
        {
            Commit = StageId.Of(batch.Id, attempt.Item, attempt.Number).ToString(),
            Objects = objects.DrainToImmutable(),

            // Of an earlier run; all rows are good now.
            Deletion = outputs.Rows is null && rows is not null && !item.IsEdited ? new WrittenObject(item.Rejects, rows) : null,
            Summary = summary,
        };

        void Add(HostedPart? part, string? expected)
        {
            if (part is not null)
            {
                objects.Add(new IntendedObject(part.Reference!.ToString(), expected, part.Sha256));
            }
        }
    }

    /// <summary>
    /// The tags that stand under the names: for the first attempt those that were listed; later ones look again, because an earlier one may
    /// have been published in part.
    /// </summary>
    private (string? Records, string? Rows, string? Output) Found(HostedOutputs outputs) => attempt.Number == 1
        ? (null, item.RejectsFound, item.OutputFound)
        : (outputs.Records is { } records ? Find(records.Name) : null, Find(_item.Rejects!), Find(_item.Output!));

    private string? Find(ObjectName name) => batch.Output.FindAsync(name, CancellationToken.None).Now()?.ETag.Value;

    /// <summary>The summary of a file whose output is up to date, or null.</summary>
    private FileSummary? FindCurrent(ref string? sha256, CancellationToken cancellationToken)
    {
        if (Find(_item.Output!) is not { } standing || standing != item.OutputFound || ReadRecord(cancellationToken) is not { Summary: { } summary } record)
        {
            return null;
        }

        if (record.InputEtag != item.Etag)
        {
            // Only the time may differ: the content decides.
            if (record.InputSha256 is null || summary.InputBytes != item.Bytes || (sha256 = InputHash.Of(_item, cancellationToken)) != record.InputSha256)
            {
                return null;
            }
        }

        return summary with
        {
            Status = FileStatus.Unchanged,
            CleanedBy = record.BatchId,
            InputEtag = item.Etag,
            Attempts = 0,
            Millis = 0,
            Worker = null,
        };
    }

    private OutputRecord? ReadRecord(CancellationToken cancellationToken)
    {
        try
        {
            return header.Index is null ? null : OutputIndex.ReadOneAsync(batch.Output, header.Index, item.Record!, cancellationToken).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is StorageException { Fault: StorageFault.Missing or StorageFault.Changed } or JsonException)
        {
            // Another batch has merged the index meanwhile: what it would have told is found out again.
            return null;
        }
    }

    private string SummaryText(FileSummary summary, CancellationToken cancellationToken) =>
        new CommitIntent { Commit = "", Objects = [], Summary = summary }.ToText(batch.Output, batch.Id, cancellationToken);

    /// <summary>The engine may stop reading before the end; what it read must still be what is there.</summary>
    private void CheckInput()
    {
        if (_item.Source!.FindAsync(_item.Key!, CancellationToken.None).Now()?.ETag != _item.ETag)
        {
            throw new StorageException(StorageFault.Changed, $"{item.Name} changed while it was read. Run the same command again when nobody writes to it.");
        }
    }
}
