using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Verifying;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// What one attempt made of one piece of a large file. Whichever attempt wrote it last, it is right: all make the same of the same piece, and what they staged
/// is sealed.
/// </summary>
internal sealed record PieceDocument
{
    public const int Current = 1;

    public required int Version { get; init; }

    public required string Output { get; init; }

    public required string OutputSha256 { get; init; }

    public string? Records { get; init; }

    public string? RecordsSha256 { get; init; }

    public string? Rows { get; init; }

    public string? RowsSha256 { get; init; }

    public required RangeCheckpoint Counted { get; init; }

    public static PieceDocument Of(MadeOutputs made, RangeCheckpoint counted) => new()
    {
        Version = Current,
        Output = made.Output.Staged.ToString(),
        OutputSha256 = made.Output.Sha256,
        Records = made.Records?.Staged.ToString(),
        RecordsSha256 = made.Records?.Sha256,
        Rows = made.Rows?.Staged.ToString(),
        RowsSha256 = made.Rows?.Sha256,
        Counted = counted,
    };

    public void Write(CleaningBatch batch, int file, int number, CancellationToken cancellationToken) => batch.Output.WriteOverAsync(
        NameOf(batch.Id, file, number), JsonSerializer.SerializeToUtf8Bytes(this, ExecutionJson.Lines.PieceDocument), cancellationToken).Now();

    /// <summary>Null if there is none, or it is of another version.</summary>
    public static PieceDocument? Read(CleaningBatch batch, int file, int number, CancellationToken cancellationToken) =>
        batch.Output.ReadDocumentAsync(NameOf(batch.Id, file, number), cancellationToken).Now() is { } found
        && JsonSerializer.Deserialize(found.Content.Span, ExecutionJson.Lines.PieceDocument) is { Version: Current } document
            ? document
            : null;

    /// <summary>Beside the parts of a combined output, which no file in pieces has, and swept with them.</summary>
    private static ObjectName NameOf(string batchId, int file, int number) =>
        StateNames.Of(batchId, string.Create(CultureInfo.InvariantCulture, $"{CombinedParts.Folder}/{file:D7}-{number:D3}.json"));
}

/// <summary>Makes one of what workers made of the pieces of a large file, without reading it: the bytes stay where they were staged.</summary>
internal sealed class PiecesJoin(CleaningBatch batch, ListedInput item, AttemptId attempt, Func<ICleaningOutputs, FileCleaning> job)
{
    /// <summary>Attempts that try it. What the pieces staged may be gone, which is seen at the commit only.</summary>
    private const int AttemptsMax = 2;

    private readonly StageId _stage = StageId.Of(batch.Id, attempt.Item, attempt.Number);

    /// <summary>The outputs and the ledger of the file; null if a piece is missing, and one worker has to clean them in turn.</summary>
    public (MadeOutputs Made, FileReport Report)? TryJoin(CancellationToken cancellationToken)
    {
        var listed = item.Pieces!;
        if (attempt.Number > AttemptsMax)
        {
            return null;
        }

        var pieces = new List<PieceDocument>(listed.Begin.Length);
        try
        {
            for (var number = 0; number < listed.Begin.Length; number++)
            {
                if (PieceDocument.Read(batch, attempt.Item, number, cancellationToken) is not { } piece || !listed[number].EndsAt(piece.Counted))
                {
                    return null;
                }

                pieces.Add(piece);
            }

            var made = new MadeOutputs(
                Join(ObjectName.Parse(item.Output), [.. pieces.Select(piece => (piece.Output, piece.OutputSha256))], cancellationToken)!,
                Join(
                    HostingNames.RejectRecords(batch.Id, item.Name),
                    [.. pieces.Where(piece => piece.Records is not null).Select(piece => (piece.Records!, piece.RecordsSha256!))],
                    cancellationToken),
                JoinRows([.. pieces.Where(piece => piece.Rows is not null).Select(piece => (piece.Rows!, piece.RowsSha256!))], cancellationToken));
            return (made, FilePiece.Join(job(NoOutputs.Instance), [.. pieces.Select(piece => piece.Counted)], listed.Reading, cancellationToken));
        }
        catch (Exception e) when (e is StorageException { Fault: StorageFault.Missing or StorageFault.TooLarge } or JsonException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Cleans all pieces one after the other into <paramref name="outputs"/>, and seals them.</summary>
    public (MadeOutputs Made, FileReport Report) CleanInTurn(
        HostedOutputs outputs, Action<long, long>? progress, Func<FilePiece, Stream> open, CancellationToken cancellationToken)
    {
        var listed = item.Pieces!;
        var one = job(new InTurn(outputs, head => FilePiece.WriteRejectHead(job(NoOutputs.Instance), head, cancellationToken))) with { Progress = progress };
        var counted = new List<RangeCheckpoint>(listed.Begin.Length);
        for (var number = 0; number < listed.Begin.Length; number++)
        {
            counted.Add(listed[number].Clean(one, open(listed[number]), cancellationToken));
            outputs.EndBlocks();
        }

        return (outputs.Seal(cancellationToken), FilePiece.Join(one, counted, listed.Reading, cancellationToken));
    }

    private MadeObject? JoinRows(ImmutableArray<(string Staged, string Sha256)> rows, CancellationToken cancellationToken)
    {
        if (rows.IsEmpty)
        {
            return null;
        }

        // No piece knows whether it has the first rejected row.
        var name = ObjectName.Parse(item.Rejects);
        using var head = HostedPart.Begin(batch.Output, name, _stage);
        FilePiece.WriteRejectHead(job(NoOutputs.Instance), head.Content, cancellationToken);
        head.Seal(cancellationToken);
        return Join(name, [(head.Reference!.ToString(), head.Sha256), .. rows], cancellationToken);
    }

    /// <summary>Joins what was staged under <paramref name="name"/>; null if there is nothing. Throws <see cref="FormatException"/> for anything else.</summary>
    private MadeObject? Join(ObjectName name, ImmutableArray<(string Staged, string Sha256)> pieces, CancellationToken cancellationToken)
    {
        if (pieces.IsEmpty)
        {
            return null;
        }

        ImmutableArray<StagedReference> staged = [.. pieces.Select(piece => StagedReference.Parse(piece.Staged))];
        if (staged.Any(one => one.Name != name))
        {
            throw new FormatException("What a document tells of a piece is of another file.");
        }

        return new MadeObject(
            batch.Output.JoinAsync(staged, _stage, cancellationToken).Now(),
            ContentDigest.OfBlocks(staged.Zip(pieces, (one, piece) => (one.Bytes, piece.Sha256))));
    }
}

/// <summary>The outputs of a file for one piece after the other: what stands above the rejected rows comes before the first of them, a block of its own.</summary>
internal sealed class InTurn(HostedOutputs all, Action<Stream> writeHead) : ICleaningOutputs
{
    public Stream OpenOutput() => all.OpenOutput();

    public Stream OpenRejectRecords() => all.OpenRejectRecords();

    public Stream OpenRejectRows()
    {
        if (all.Rows is null)
        {
            writeHead(all.OpenRejectRows());
            all.Rows!.EndBlock();
        }

        return all.OpenRejectRows();
    }
}

/// <summary>Where nothing is made.</summary>
internal sealed class NoOutputs : ICleaningOutputs
{
    public static NoOutputs Instance { get; } = new();

    public Stream OpenOutput() => throw new InvalidOperationException();

    public Stream OpenRejectRecords() => throw new InvalidOperationException();

    public Stream OpenRejectRows() => throw new InvalidOperationException();
}
