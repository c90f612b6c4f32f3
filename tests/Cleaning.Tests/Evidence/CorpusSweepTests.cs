using Xunit.Abstractions;

namespace OrleansClean.Cleaning.Tests.Evidence;

/// <summary>Every file of the corpus through the engine, with a plan that changes nothing.</summary>
public sealed class CorpusSweepTests(ITestOutputHelper output)
{
    private const int FilesInCorpus = 820;

    [CorpusFact]
    public void Every_file_is_cleaned_or_fails_with_a_code_and_its_rows_are_accounted_for()
    {
        var files = Corpus.Files().ToList();
        Assert.Equal(FilesInCorpus, files.Count);
        var plan = CleaningRun.LoadPlan(Corpus.PassThroughPlan);
        var wrong = new List<string>();
        var tally = new SortedDictionary<string, Tally>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var group = tally.TryGetValue(file.Group, out var known) ? known : tally[file.Group] = new Tally();
            try
            {
                group.Add(file, CleanAndRecount(file, plan));
            }
            catch (Exception finding) when (finding is not OutOfMemoryException)
            {
                // Anything but a report or a coded failure is a finding; all of them are wanted, not the first.
                wrong.Add($"{file.Path}: {finding.GetType().Name}: {finding.Message.ReplaceLineEndings(" ")}");
            }
        }

        Print(tally);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {files.Count} files:\n{string.Join('\n', wrong.Take(20))}");
    }

    private static CleaningRun CleanAndRecount(CorpusFile file, Plans.Plan plan)
    {
        var run = CleaningRun.Of(plan, File.ReadAllBytes(Path.Combine(Corpus.Folder!, file.Path)), file.Path);
        if (run.Failure is { } failure)
        {
            Assert.Contains(failure.Code, KnownCodes);
            Assert.NotEmpty(failure.Message);
            return run;
        }

        run.AssertBalanced();
        Assert.All(run.Rejected, rejected => Assert.Contains(rejected.Code, KnownCodes));

        var columns = run.Cleaned.Columns.Length;

        // A reader that shares no code with the engine must find the rows and cells that the report speaks of.
        var recounted = SecondReader.Read(run.Outputs.Output, hasOneColumn: columns == 1);
        Assert.Equal(columns == 0 ? 0 : run.Cleaned.Rows.Out + 1, recounted.Count);
        Assert.All(recounted, row => Assert.Equal(columns, row.Length));
        Assert.Equal(run.Outputs.Output.Length, run.Cleaned.BytesOut);
        return run;
    }

    private static readonly HashSet<string> KnownCodes =
    [
        .. typeof(ProblemCodes).GetFields().Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!),
    ];

    private void Print(SortedDictionary<string, Tally> tally)
    {
        output.WriteLine($"{"group",-18} {"files",6} {"cleaned",8} {"failed",7} {"rows",9} {"rejected",9} {"as guessed",11}");
        foreach (var (group, t) in tally)
        {
            output.WriteLine($"{group,-18} {t.Files,6} {t.Cleaned,8} {t.Files - t.Cleaned,7} {t.Rows,9} {t.Rejected,9} {t.AsGuessed,5}/{t.Guessed}");
        }

        var codes = tally.Values.SelectMany(t => t.Failures).GroupBy(f => f.Code, StringComparer.Ordinal).OrderByDescending(g => g.Count());
        foreach (var code in codes)
        {
            output.WriteLine($"failed {code.Key}: {code.Count()}, such as {code.First().Path}: {code.First().Message}");
        }
    }

    /// <summary>What became of one group's files.</summary>
    private sealed class Tally
    {
        public int Files { get; private set; }

        public int Cleaned { get; private set; }

        public long Rows { get; private set; }

        public long Rejected { get; private set; }

        public int Guessed { get; private set; }

        public int AsGuessed { get; private set; }

        public List<(string Code, string Path, string Message)> Failures { get; } = [];

        public void Add(CorpusFile file, CleaningRun run)
        {
            Files++;
            if (run.Report is not { } report)
            {
                Failures.Add((run.Failure!.Code, file.Path, run.Failure.Message));
                return;
            }

            Cleaned++;
            Rows += report.Rows.In;
            Rejected += report.Rows.Rejected;
            if (file.RowsGuess is { } rows && file.ColumnsGuess is { } columns)
            {
                Guessed++;
                var found = report.Rows.In + (report.Dialect.HeaderLine > 0 ? 1 : 0) + report.PreambleLines + report.BlankLines;
                AsGuessed += found == rows && report.Columns.Length == columns ? 1 : 0;
            }
        }
    }
}
