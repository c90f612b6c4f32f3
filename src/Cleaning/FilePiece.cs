using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Ranges;
using OrleansClean.Cleaning.Reading;
using OrleansClean.Cleaning.Writing;

namespace OrleansClean.Cleaning;

/// <summary>
/// Pieces of one large file, cleaned anywhere and in any order. What they make, one behind the other in the order of the file, is what
/// <see cref="FileCleaner.Clean"/> makes: the names of the columns come with the first piece, and <see cref="WriteRejectHead"/> makes what stands above the
/// rejected rows.
/// </summary>
/// <param name="Begin">Where it begins: as a <see cref="FileSurvey"/> found.</param>
/// <param name="End">Where it ends: the next one, or the end of the file.</param>
/// <param name="IsFirst">It is the first piece.</param>
public sealed record FilePiece(PiecePlace Begin, PiecePlace End, bool IsFirst)
{
    private const int RowsPerCheck = 1024;

    /// <summary>
    /// Cleans the piece into the outputs of <paramref name="job"/>, whose input is opened for its beginning only; <paramref name="content"/> holds
    /// the piece's own bytes, and is disposed. Throws as <see cref="FileCleaner.Clean"/> does.
    /// </summary>
    /// <returns>What was counted, for <see cref="Join"/>. It holds no cell.</returns>
    public RangeCheckpoint Clean(FileCleaning job, Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var input = Open(job, cancellationToken);
        var work = new RowWork(job, input);
        work.BeginPass();
        using var sink = new WritingSink(job, input, work.Program, RowTargets.OfPiece(job, input, IsFirst));
        using var reader = new CsvReader(
            content, (byte)input.Dialect.Delimiter[0], input.SkipsBlankLines, job.Limits, Begin.Record, Begin.Broken, job.Tuning);
        var record = new Record();
        var (rows, told) = (0L, Begin.ByteOffset);
        for (var result = reader.Read(record); result != ReadResult.End; result = reader.Read(record))
        {
            if (++rows % RowsPerCheck == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                job.Progress?.Invoke(reader.BytesRead - told, RowsPerCheck);
                told = reader.BytesRead;
            }

            work.Decide(record, result == ReadResult.Broken ? reader.Problem! : work.WidthProblem(record), sink);
        }

        cancellationToken.ThrowIfCancellationRequested();
        job.Progress?.Invoke(reader.BytesRead - told, rows % RowsPerCheck);
        sink.Flush();
        var reached = new PiecePlace(reader.NextPlace.Line, reader.NextPlace.RecordsBefore, reader.BytesRead, reader.Broken);
        return reached == End
            ? Counted(work, reached, reader.BlankLines, sink)
            : throw new InvalidOperationException($"A piece ends at {reached}, the next begins at {End}. This is a bug.");
    }

    /// <summary>True if something was counted up to where the piece ends.</summary>
    public bool EndsAt(RangeCheckpoint counted)
    {
        ArgumentNullException.ThrowIfNull(counted);
        return new PiecePlace(counted.Line, counted.RecordsBefore, counted.ByteOffset, counted.Broken) == End;
    }

    /// <summary>What stands above the rejected rows of a file: written once, before those of its pieces.</summary>
    public static void WriteRejectHead(FileCleaning job, Stream destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var input = Open(job, cancellationToken);
        using var encoded = input.EncodeLikeInput(destination);
        encoded.Write(input.Head.Span);
        encoded.Flush();
    }

    /// <summary>The ledger of the file from what all its pieces counted, in their order: balanced, or <see cref="InvalidOperationException"/>.</summary>
    public static FileReport Join(FileCleaning job, IReadOnlyList<RangeCheckpoint> pieces, RangeReport reading, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(pieces);
        var input = Open(job, cancellationToken);
        var all = new RowWork(job, input);
        all.BeginPass();
        foreach (var piece in pieces)
        {
            var one = new RowWork(job, input);
            one.BeginPass();
            one.Restore(piece);
            all.Merge(one);
        }

        var last = pieces[^1];
        return FileCleaner.Balanced(all.Report(input, last.RecordsBefore) with
        {
            BlankLines = input.BlankLines + pieces.Sum(piece => piece.BlankLines),
            BytesIn = last.ByteOffset,
            BytesOut = pieces.Sum(piece => piece.BytesOut),
            Passes = 1,
            Reading = reading,
        });
    }

    private static InputFile Open(FileCleaning job, CancellationToken cancellationToken) =>
        InputFile.Open(() => new WatchedStream(job.OpenInput(), cancellationToken), job.Plan.Read, job.Limits);

    private static RangeCheckpoint Counted(RowWork work, PiecePlace reached, long blankLines, WritingSink sink) => work.Save(new RangeCheckpoint
    {
        Line = reached.Line,
        RecordsBefore = reached.RecordsBefore,
        ByteOffset = reached.ByteOffset,
        BlankLines = blankLines,
        Broken = reached.Broken,
        BytesOut = sink.BytesOut,
        HasRejectRows = false,
        Reading = new RangeReport(0, null, 0),
        OneReaderNext = 0,
        Steps = [],
        Expectations = [],
    });
}
