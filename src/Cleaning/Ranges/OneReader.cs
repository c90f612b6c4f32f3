using System.Globalization;
using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Reading;

namespace OrleansClean.Cleaning.Ranges;

/// <summary>
/// Reads where ranges cannot: from a record whose quotes do not stand where they may, one record after the other. Behind a
/// stretch the file goes on in ranges; each stretch is twice as long as the one before, so that a file full of such records costs
/// hardly more than one that is read by one reader throughout.
/// </summary>
internal sealed class OneReader(FileCleaning job, InputFile input, ReaderTuning tuning, RestStream rest)
{
    private const int RowsPerCheck = 1024;

    private long _stretchBytes = tuning.RangeBytes;

    /// <summary>Why one reader was needed first; null if it was not.</summary>
    public string? Reason { get; private set; }

    /// <summary>Bytes that it read.</summary>
    public long Bytes { get; private set; }

    /// <summary>What the pass has gone through, behind the last stretch.</summary>
    public PassTotals Totals { get; private set; }

    /// <summary>Bytes of the next stretch.</summary>
    public long NextBytes => _stretchBytes;

    /// <summary>Goes on as one that has read before.</summary>
    public void Restore(RangeCheckpoint checkpoint)
    {
        Reason = checkpoint.Reading.OneReader;
        Bytes = checkpoint.Reading.OneReaderBytes;
        _stretchBytes = checkpoint.OneReaderNext;
    }

    /// <summary>Reads a stretch from where the pass has come to; false if the file ends in it.</summary>
    public bool GoOn(PassTotals totals, RowWork work, int barrier, IRowSink? sink, CancellationToken cancellationToken)
    {
        var reader = new CsvReader(
            rest, (byte)input.Dialect.Delimiter[0], input.SkipsBlankLines, job.Limits, totals.Reached, totals.Broken, tuning);
        var record = new Record();
        var until = totals.Reached.ByteOffset + _stretchBytes;
        _stretchBytes *= 2;
        var rows = 0;
        ReadResult result;
        do
        {
            result = reader.Read(record);
            if (result == ReadResult.End)
            {
                break;
            }

            Reason ??= Explain(record, result == ReadResult.Broken ? reader.Problem : null);
            if (++rows % RowsPerCheck == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var problem = result == ReadResult.Broken ? reader.Problem! : work.WidthProblem(record);
            if (sink is not null)
            {
                work.Decide(record, problem, sink);
            }
            else if (problem is null)
            {
                work.Measure(record, barrier);
            }
        }
        while (reader.BytesRead < until);

        Bytes += reader.BytesRead - totals.Reached.ByteOffset;
        Totals = new PassTotals(reader.NextPlace, totals.BlankLines + reader.BlankLines, reader.Broken);
        rest.GiveBack([reader.Leave()]);
        return result != ReadResult.End;
    }

    private static string Explain(Record record, Problem? problem)
    {
        var what = problem is null ? "a quote where CSV has none, or a record of unusual length" : problem.Code;
        return string.Create(CultureInfo.InvariantCulture, $"line {record.Line}: {what}; one reader took over from there");
    }
}
