using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cleaning.Ranges;
using OrleansClean.Cleaning.Tests.Evidence;

namespace OrleansClean.Cleaning.Tests.Ranges;

/// <summary>Cleans the pieces of a file in an order of chance, each as if on a machine of its own, and puts together what they made.</summary>
internal static class PiecedRun
{
    /// <summary>The pieces of a file and what was made of them; no pieces if it cannot be cut, or if reading it fails it.</summary>
    public static (int Pieces, Evidence.CleaningRun Run) Of(Plan plan, byte[] input, int pieceBytes, int rangeBytes, int seed, Limits? limits = null)
    {
        var job = Job(plan, input, limits, rangeBytes, new MemoryOutputs());
        try
        {
            var survey = new FileSurvey(pieceBytes);
            using (var file = RangedFile.Survey(job, survey, CancellationToken.None))
            {
                if (file.Obstacle is not null)
                {
                    return (0, Evidence.CleaningRun.Of(plan, input, limits: limits));
                }

                RangedRun.RunPasses(file, seed);
            }

            return (survey.Pieces.Length, Of(job, survey, input, seed));
        }
        catch (FileFailedException failure)
        {
            return (0, new Evidence.CleaningRun(new MemoryOutputs(), null, failure));
        }
    }

    private static Evidence.CleaningRun Of(FileCleaning job, FileSurvey survey, byte[] input, int seed)
    {
        var pieces = survey.Pieces;
        var outputs = pieces.Select(_ => new MemoryOutputs()).ToArray();
        var counted = new RangeCheckpoint[pieces.Length];
        var order = Enumerable.Range(0, pieces.Length).ToArray();
        new Random(seed).Shuffle(order);
        foreach (var i in order)
        {
            var (begin, end) = ((int)pieces[i].Begin.ByteOffset, (int)pieces[i].End.ByteOffset);
            var content = new MemoryStream(input, begin, end - begin, writable: false);
            counted[i] = pieces[i].Clean(job with { Outputs = outputs[i] }, content, CancellationToken.None);
        }

        var all = new MemoryOutputs();
        Append(all.OpenOutput, outputs, one => one.Output);
        Append(all.OpenRejectRecords, outputs, one => one.RejectRecords);
        if (outputs.Any(one => one.RejectRows.Length > 0))
        {
            var rows = all.OpenRejectRows();
            FilePiece.WriteRejectHead(job, rows, CancellationToken.None);
            Append(() => rows, outputs, one => one.RejectRows);
        }

        return new Evidence.CleaningRun(all, FilePiece.Join(job, counted, survey.Reading!, CancellationToken.None), null);
    }

    private static void Append(Func<Stream> open, MemoryOutputs[] outputs, Func<MemoryOutputs, byte[]> what)
    {
        var stream = open();
        foreach (var one in outputs)
        {
            stream.Write(what(one));
        }
    }

    private static FileCleaning Job(Plan plan, byte[] input, Limits? limits, int rangeBytes, MemoryOutputs outputs) => new()
    {
        Plan = plan,
        InputName = "in.csv",
        OpenInput = () => new MemoryStream(input, writable: false),
        Outputs = outputs,
        BatchId = "evidence-1",
        Now = new DateTime(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc),
        Limits = limits ?? Limits.Default,
        Tuning = new ReaderTuning { RangeBytes = rangeBytes },
    };
}
