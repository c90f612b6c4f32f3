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
internal sealed class CleaningAttempt(
    CleaningBatch batch, BatchHeader header, ListedInput item, AttemptId attempt, string worker, IBatchWatch? watch)
{
    /// <summary>Bytes of an input that is held in memory while it is cleaned.</summary>
    private const int SmallBytesMax = 256 << 10;

    private readonly IObjectStore _source = batch.InputOf(header.InputRoots[item.Root]);
    private readonly ObjectName _key = ObjectName.Parse(item.Key!);
    private readonly ETag _etag = new(item.Etag);
    private readonly ObjectName _rejects = ObjectName.Parse(item.Rejects);

    /// <summary>The file itself, or its part of the one output of all.</summary>
    private readonly ObjectName _output = batch.Plan.Write.Combine ? CombinedParts.NameOf(batch.Id, attempt.Item) : ObjectName.Parse(item.Output);

    /// <summary>A combined output is up to date as a whole or not at all: that was settled with the listing.</summary>
    private bool MayBeCurrent => item.Record is not null && (batch.Plan.Write.Combine || !batch.Submission.Force);

    /// <summary>
    /// Of a piece of the file: what is made is staged under the names of the file's own outputs, where the attempt at the file finds it. Throws as
    /// <see cref="Run"/> does.
    /// </summary>
    public AttemptOutcome RunPiece(int file, int number, Action<long, long>? progress, CancellationToken cancellationToken)
    {
        var piece = item.Pieces![number];
        using var outputs = BeginOutputs(mayShare: false);
        try
        {
            var counted = piece.Clean(Job(outputs) with { Progress = progress }, Open(piece, cancellationToken), cancellationToken);
            PieceDocument.Of(outputs.Seal(cancellationToken), counted).Write(batch, file, number, cancellationToken);
            return new AttemptOutcome.Unchanged("");
        }
        catch
        {
            outputs.Abandon();
            throw;
        }
    }

    /// <summary>The outcome. Throws what the engine and the stores throw; then nothing is left behind but what a sweep finds.</summary>
    public AttemptOutcome Run(Action<long, long>? progress, CancellationToken cancellationToken)
    {
        string? sha256 = null;
        if (MayBeCurrent && FindCurrent(ref sha256, cancellationToken) is { } current)
        {
            watch?.Made(attempt, current.Summary!);
            return new AttemptOutcome.Unchanged(current.ToText(batch.Output, batch.Id, cancellationToken));
        }

        sha256 ??= batch.Submission.HashInputs ? StoredContent.HashAsync(_source, _key, _etag, cancellationToken).GetAwaiter().GetResult() : null;
        var started = Stopwatch.GetTimestamp();
        if (item.Pieces is not null)
        {
            var pieces = new PiecesJoin(batch, item, attempt, Job);
            var (made, report) = pieces.TryJoin(cancellationToken) ?? CleanInTurn(pieces, progress, cancellationToken);
            CheckInput();
            return Ready(made, report, sha256, started, cancellationToken);
        }

        using var outputs = BeginOutputs(mayShare: true);
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
            Job(outputs) with
            {
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
                    return new EndSeeing(Open(cancellationToken), item.Name, item.Bytes, () => wasReadToEnd = true);
                },
                Checkpoints = checkpoints,
                Progress = progress ?? ((_, _) => { }),
            },
            cancellationToken);
        var made = outputs.Seal(cancellationToken);
        if (!wasReadToEnd)
        {
            CheckInput();
        }

        return Ready(made, report, sha256, started, cancellationToken);
    }

    private HostedOutputs BeginOutputs(bool mayShare) => new(
        batch.Output, StageId.Of(batch.Id, attempt.Item, attempt.Number), _output, HostingNames.RejectRecords(batch.Id, item.Name), _rejects, mayShare);

    /// <summary>What the engine is told of every file of the batch, and of this one.</summary>
    private FileCleaning Job(ICleaningOutputs outputs) => new()
    {
        Plan = batch.Plan,
        InputName = item.Name,
        OpenInput = () => Open(CancellationToken.None),
        Outputs = outputs,
        BatchId = batch.Id,
        Now = batch.Submission.FrozenAt.UtcDateTime,
    };

    private AttemptOutcome.Ready Ready(MadeOutputs made, FileReport report, string? sha256, long started, CancellationToken cancellationToken)
    {
        if (!report.Rows.IsBalanced)
        {
            throw new InvalidOperationException("The ledger does not balance.");
        }

        var summary = Summary(made, report, sha256) with { Millis = (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds };
        var intent = Intent(made, summary);
        watch?.Made(attempt, summary);
        var text = intent.ToText(batch.Output, batch.Id, cancellationToken);

        // Behind a gate it may wait for hours, and there may be many.
        return new AttemptOutcome.Ready(batch.Gate.HoldsBack || batch.Plan.Write.Combine || intent.Summary is null ? text : CommitIntent.Remember(intent, text))
        {
            Aside = made.Aside,
        };
    }

    /// <summary>One worker cleans all pieces, one after the other: the bytes and digests of those that share them.</summary>
    private (MadeOutputs Made, FileReport Report) CleanInTurn(PiecesJoin pieces, Action<long, long>? progress, CancellationToken cancellationToken)
    {
        using var outputs = BeginOutputs(mayShare: false);
        try
        {
            return pieces.CleanInTurn(outputs, progress, piece => Open(piece, cancellationToken), cancellationToken);
        }
        catch
        {
            outputs.Abandon();
            throw;
        }
    }

    private Stream Open(FilePiece piece, CancellationToken cancellationToken)
    {
        var (begin, end) = (piece.Begin.ByteOffset, piece.End.ByteOffset);
        return _source.OpenReadAsync(_key, _etag, new ByteRange(begin, end - begin), cancellationToken).Now();
    }

    private Stream Open(CancellationToken cancellationToken) => _source.OpenReadAsync(_key, _etag, cancellationToken).Now();

    private byte[] ReadAll(CancellationToken cancellationToken)
    {
        using var content = Open(cancellationToken);
        var bytes = new byte[item.Bytes];
        var length = content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);

        // One more read lets the store see that nothing came after the end.
        return length == bytes.Length && content.ReadByte() < 0
            ? bytes
            : throw EndSeeing.Changed(item.Name);
    }

    private FileSummary Summary(MadeOutputs made, FileReport report, string? sha256) => FileSummaries.Of(item.Name, report) with
    {
        InputEtag = item.Etag,
        InputSha256 = sha256,
        InputBytes = item.Bytes,
        Output = batch.Plan.Write.Combine ? null : Describe(made.Output),
        Rejects = made.Rows is { } rows ? Describe(rows) : null,
        RejectRecords = made.WrittenRecords,
        Attempts = attempt.Number,
        Worker = worker,
    };

    private FileOutput Describe(MadeObject made) => new(batch.Template.PathOf(made.Staged.Name.Value), made.Sha256, made.Staged.Bytes);

    /// <summary>Rejects first, the output last: whoever sees the output can see what is missing from it.</summary>
    private CommitIntent Intent(MadeOutputs made, FileSummary summary)
    {
        var (records, rows, output) = Found(made);
        if (item.IsEdited && made.Rows is not null && !batch.Submission.Force)
        {
            // Someone may be mending the rejected rows right there: their work is not replaced.
            throw new StorageException(
                StorageFault.Conflict,
                $"{batch.Output.Locate(_rejects)} was changed since it was written, and this run would replace it. Move it away, or run with --force.");
        }

        var objects = ImmutableArray.CreateBuilder<IntendedObject>(3);
        Add(made.Records, records);
        Add(made.Rows, rows);
        Add(made.Output, output);
        return new CommitIntent
        {
            Commit = StageId.Of(batch.Id, attempt.Item, attempt.Number).ToString(),
            Objects = objects.DrainToImmutable(),

            // Of an earlier run; all rows are good now.
            Deletion = made.Rows is null && rows is not null && !item.IsEdited ? new WrittenObject(item.Rejects, rows) : null,
            Summary = summary,
        };

        void Add(MadeObject? one, string? expected)
        {
            if (one is not null)
            {
                objects.Add(new IntendedObject(one.Staged.ToString(), expected, one.Sha256));
            }
        }
    }

    /// <summary>
    /// The tags that must stand under the names: those that were listed, whichever attempt it is. What somebody wrote since then is
    /// theirs. What an earlier attempt published of this item has the same bytes, and a conflict with the same bytes is none. The records lie in
    /// the batch's own folder, where nobody else writes.
    /// </summary>
    private (string? Records, string? Rows, string? Output) Found(MadeOutputs made) =>
        (attempt.Number > 1 && made.Records is { } records ? Find(records.Staged.Name) : null, item.RejectsFound, batch.Plan.Write.Combine ? null : item.OutputFound);

    private string? Find(ObjectName name) => batch.Output.FindAsync(name, CancellationToken.None).Now()?.ETag.Value;

    /// <summary>What is told of a file whose output is up to date, or null.</summary>
    private CommitIntent? FindCurrent(ref string? sha256, CancellationToken cancellationToken)
    {
        if (batch.Plan.Write.Combine)
        {
            return Current(CombinedParts.ReadFormer(batch.Output, header, item, cancellationToken), header.CombinedBy, isTouched: false);
        }

        if (Find(_output) is not { } standing || standing != item.OutputFound || ReadRecord(cancellationToken) is not { Summary: { } summary } record)
        {
            return null;
        }

        // Only the time may differ: the content decides. That of the outputs was looked at with the listing.
        var isTouched = record.InputEtag != item.Etag;
        return isTouched
            && (record.InputSha256 is null || summary.InputBytes != item.Bytes
                || (sha256 = StoredContent.HashAsync(_source, _key, _etag, cancellationToken).GetAwaiter().GetResult()) != record.InputSha256)
            ? null
            : Current(summary, record.BatchId, isTouched || !record.AsListed(item).Objects.SequenceEqual(record.Objects));
    }

    private CommitIntent Current(FileSummary summary, string? cleanedBy, bool isTouched) => new()
    {
        Commit = "",
        Objects = [],
        IsTouched = isTouched,
        Summary = summary with
        {
            Status = FileStatus.Unchanged,
            CleanedBy = summary.CleanedBy ?? cleanedBy,
            InputEtag = item.Etag,
            Attempts = 0,
            Millis = 0,
            Worker = null,
        },
    };

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

    /// <summary>The engine may stop reading before the end; what it read must still be what is there.</summary>
    private void CheckInput()
    {
        if (_source.FindAsync(_key, CancellationToken.None).Now()?.ETag != _etag)
        {
            throw EndSeeing.Changed(item.Name);
        }
    }
}
