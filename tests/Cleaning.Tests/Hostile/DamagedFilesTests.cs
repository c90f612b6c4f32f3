using OrleansClean.Cleaning.Plans;
using OrleansClean.Cleaning.Tests.Evidence;
using Xunit.Abstractions;
using EvidenceRun = OrleansClean.Cleaning.Tests.Evidence.CleaningRun;

namespace OrleansClean.Cleaning.Tests.Hostile;

/// <summary>
/// Whatever the bytes are: a report whose rows balance and which another reader finds in the output, or a failure with a known
/// code; and the same bytes again when they are read in other pieces.
/// </summary>
public sealed class DamagedFilesTests(ITestOutputHelper output)
{
    private const int FileBytesMax = 24 << 10;

    private static readonly HashSet<string> Codes =
    [
        .. typeof(ProblemCodes).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)
            .Where(code => code is not (ProblemCodes.InternalError or ProblemCodes.FileTimeout or ProblemCodes.StorageError)),
    ];

    private static readonly Plan[] Plans =
    [
        .. new[]
        {
            "write: out/{name}.csv\n",
            "steps: [normalize_headers, {drop_empty: rows}, {trim: all}, {dedupe: all}]\nwrite: {to: x.csv, newline: crlf, quoting: all, bom: true}\n",
            "steps: [{nulls: [\"NA\", \"-\"]}, {guard: formulas}]\nexpect: ['count() > 0']\nwrite: {to: x.csv, quoting: minimal}\n",
            "read: {header: false, nulls: [NULL]}\nsteps: [{derive: {n: \"upper(column_1)\", m: \"column_1 + max(column_1)\"}}, {filter: \"n <> 'X'\"}]\nwrite: x.csv\n",
            "read: {header: 1, columns: [a, b]}\nsteps: [{parse: {a: {type: date}, b: decimal}, on_error: keep}, {fill: {b: 0}}]\nwrite: x.csv\n",
            "read: {delimiter: \"||\", quote: \"'\"}\nsteps: [{replace: {columns: all, pattern: \"[0-9]+\", with: \"<$0>\"}}]\nwrite: x.csv\n",
            "read: {escape: \"\\\\\", comment: \"#\"}\nsteps: [{guard: {formulas: reject}}]\nwrite: x.csv\n",
            "read: {encoding: windows-1252, quote: none}\nwrite: {to: x.csv, combine: true, file_column: true}\n",
            "read: {encoding: utf-16}\nwrite: x.csv\n",
        }.Select(rest => EvidenceRun.LoadPlan("plan: 1\nname: p\n" + rest)),
    ];

    private static readonly byte[][] Made =
    [
        .. Enumerable.Range(0, 40).Select(i => CsvMaker.Make(i, 12, new Recipe(PlantDefects: i % 2 == 0, Regular: i % 3 == 0, OddDialect: i % 7 == 0)).Bytes),
        .. Enumerable.Range(0, 4).Select(i => CsvMaker.Make(i, 400, new Recipe(PlantDefects: true, Regular: true)).Bytes),
        [],
    ];

    [Fact]
    public void A_made_file_that_was_damaged_is_accounted_for() => Seeds.ForEach(output, 1_500, 6, (seed, injuries) => MustBeAccountedFor(Made, seed, injuries));

    [CorpusFact]
    public void A_file_of_the_corpus_that_was_damaged_is_accounted_for()
    {
        var files = Corpus.Files().Select(file => Path.Combine(Corpus.Folder!, file.Path)).Where(path => new FileInfo(path).Length <= FileBytesMax)
            .Select(File.ReadAllBytes).ToArray();
        Assert.True(files.Length > 500, $"{files.Length} files");

        Seeds.ForEach(output, 1_500, 6, (seed, injuries) => MustBeAccountedFor(files, seed, injuries));
    }

    [Fact]
    public void A_broken_record_without_a_whole_cell_in_its_first_line_is_no_header() =>
        Check(EvidenceRun.Of(Plans[0], "t\n\"x\n\",2,\"z\"q\n1,2,3\n4,5,6\n7,8,9\n"u8.ToArray()), Plans[0]);

    [Theory]
    [InlineData("a,b\n1,2\n#")]
    [InlineData("a,b\n1,2\n#\n")]
    [InlineData("a,b\n#\n1,2\n##")]
    public void A_comment_without_a_text_is_one_at_the_end_too(string text) =>
        Assert.Equal(1, EvidenceRun.Of("plan: 1\nname: p\nread: {delimiter: \",\", comment: \"#\"}\nwrite: x.csv\n", System.Text.Encoding.UTF8.GetBytes(text)).Cleaned.Rows.In);

    private static void MustBeAccountedFor(byte[][] files, int seed, int injuries)
    {
        var random = new Random(seed);
        var plan = Plans[random.Next(Plans.Length)];
        var bytes = DamagedBytes.Of(files, injuries, random);
        var setting = ReaderSetting.All[random.Next(ReaderSetting.All.Count)];

        var run = EvidenceRun.Of(plan, bytes);

        Check(run, plan);
        var again = EvidenceRun.Of(plan, bytes, setting: setting);
        Assert.Equal((run.Failure?.Code, run.Failure?.Message), (again.Failure?.Code, again.Failure?.Message));
        if (run.Failure is not null)
        {
            // How far a file came that failed is nobody's business: nothing of it is published.
            return;
        }

        Assert.True(run.Outputs.Output.AsSpan().SequenceEqual(again.Outputs.Output), $"other output with {setting}");
        Assert.True(run.Outputs.RejectRecords.AsSpan().SequenceEqual(again.Outputs.RejectRecords), $"other rejects with {setting}");
        Assert.True(run.Outputs.RejectRows.AsSpan().SequenceEqual(again.Outputs.RejectRows), $"other rejected rows with {setting}");
    }

    private static void Check(EvidenceRun run, Plan plan)
    {
        if (run.Failure is { } failure)
        {
            Assert.Contains(failure.Code, Codes);
            Assert.NotEmpty(failure.Message);
            return;
        }

        run.AssertBalanced();
        Assert.All(run.Rejected, rejected => Assert.Contains(rejected.Code, Codes));
        var columns = run.Cleaned.Columns.Length + (plan.Write.FileColumn ? 1 : 0);
        var recounted = SecondReader.Read(run.Outputs.Output, hasOneColumn: columns == 1);
        Assert.Equal(run.Cleaned.Columns.IsEmpty ? 0 : run.Cleaned.Rows.Out + 1, recounted.Count);
        Assert.All(recounted, row => Assert.Equal(columns, row.Length));
        Assert.Equal(run.Outputs.Output.Length, run.Cleaned.BytesOut);
    }
}
