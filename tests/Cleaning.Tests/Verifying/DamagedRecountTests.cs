using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cleaning.Tests.Evidence;
using OrleansClean.Cleaning.Tests.Hostile;
using OrleansClean.Cleaning.Tests.Reading;
using OrleansClean.Cleaning.Verifying;
using Xunit.Abstractions;
using EvidenceRun = OrleansClean.Cleaning.Tests.Evidence.CleaningRun;

namespace OrleansClean.Cleaning.Tests.Verifying;

/// <summary>
/// The engine's ledger against the second reader, over damaged bytes: <c>report verify</c> must find nothing to say against what a
/// batch may publish, and where it cannot count, it must say so instead of counting wrongly.
/// </summary>
public sealed class DamagedRecountTests(ITestOutputHelper output)
{
    /// <summary>Bytes that a failure shows.</summary>
    private const int BytesShown = 400;

    private static readonly Plan[] Plans =
    [
        .. new[]
        {
            "write: x.csv\n",
            "steps: [normalize_headers, {drop_empty: rows}, {dedupe: all}, {guard: formulas}]\nwrite: x.csv\n",
            "steps: [{guard: {formulas: reject}}]\nwrite: {to: x.csv, newline: crlf, quoting: all, bom: true}\n",
            "read: {header: false}\nwrite: {to: x.csv, quoting: minimal}\n",
            "read: {header: 1, columns: [a, b]}\nsteps: [{parse: {a: integer}}]\nwrite: x.csv\n",
            "read: {delimiter: \"||\", quote: \"'\"}\nwrite: x.csv\n",
            "read: {delimiter: \",\", comment: \"#\"}\nwrite: x.csv\n",
            "read: {escape: \"\\\\\"}\nwrite: x.csv\n",
            "read: {quote: none}\nwrite: x.csv\n",
            "read: {encoding: windows-1252}\nwrite: x.csv\n",
        }.Select(rest => EvidenceRun.LoadPlan("plan: 1\nname: p\n" + rest)),
    ];

    private static readonly byte[][] Made =
    [
        .. Enumerable.Range(0, 40).Select(i => CsvMaker.Make(i, 12, new Recipe(PlantDefects: i % 2 == 0, Regular: i % 3 == 0, OddDialect: i % 7 == 0)).Bytes),
        [],
    ];

    /// <summary>What small files are put together from: every mark that the record rule speaks of, and cells to stand between.</summary>
    private static readonly string[] Pieces =
    [
        "a", "1", "a,b", "1,2", ",", ";", "\t", "|", "||", "'", "\"", "\"\"", "\",\"", "\"\n", "\n", "\n", "\n", "\r\n", "\r", "\n\n", " ", "#",
        "\\\"", "\\", "=1", "é", "\u2028", "\uFEFF", "\0", "\u001a", "x\"y", "\"x\"", "\"x\"y", "\"x\ny\"", "sep=;\n",
    ];

    /// <summary>Codes of records of which the second reader cannot know where they end: their inputs are not counted.</summary>
    private static readonly string[] Unreadable =
        [ProblemCodes.UnterminatedQuote, ProblemCodes.TextAfterQuote, ProblemCodes.LineTooLong, ProblemCodes.FieldTooLong, ProblemCodes.EncodingError, ProblemCodes.NulByte];

    [Fact]
    public void A_small_file_of_odd_pieces_is_recounted_as_it_was_cleaned() => Seeds.ForEach(output, 2_500, 24, Small);

    [Fact]
    public void A_made_file_that_was_damaged_is_recounted_as_it_was_cleaned() => Seeds.ForEach(output, 500, 6, Damaged);

    [Theory]
    [InlineData("a,\"b\n\"\n", "\"\n", 70, "1\n")] // The header's last line looks like the rows behind it.
    [InlineData("a,b\n", "a\n", 3, "\uFEFF\n")]
    [InlineData("title\n\na,b\n", "title\n", 70, "1\n")]
    public void Rejected_rows_that_look_like_their_head_are_recognised(string head, string row, int rows, string last) =>
        MustRecount(Plans[0], System.Text.Encoding.UTF8.GetBytes(head + string.Concat(Enumerable.Repeat(row, rows)) + last));

    private static void Small(int seed, int pieces)
    {
        var random = new Random(seed);
        var plan = Plans[random.Next(Plans.Length)];
        var text = string.Concat(Enumerable.Range(0, pieces).Select(_ => Again(Pieces[random.Next(Pieces.Length)], random)));
        MustRecount(plan, Stored(text, random));
    }

    private static void Damaged(int seed, int injuries)
    {
        var random = new Random(seed);
        MustRecount(Plans[random.Next(Plans.Length)], DamagedBytes.Of(Made, injuries, random));
    }

    /// <summary>Now and then a piece is there a hundred times: readers that guess look at fewer.</summary>
    private static string Again(string piece, Random random) => random.Next(24) == 0 ? string.Concat(Enumerable.Repeat(piece, 100)) : piece;

    private static byte[] Stored(string text, Random random)
    {
        var bytes = random.Next(12) switch
        {
            0 => Inputs.Utf16(text),
            1 => Inputs.Utf16(text, bigEndian: true),
            2 => System.Text.Encoding.Latin1.GetBytes(text),
            3 => [.. System.Text.Encoding.UTF8.Preamble, .. System.Text.Encoding.UTF8.GetBytes(text)],
            _ => System.Text.Encoding.UTF8.GetBytes(text),
        };
        if (random.Next(16) == 0)
        {
            bytes = Inputs.Gzip(bytes);
        }

        return random.Next(16) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }

    private static void MustRecount(Plan plan, byte[] bytes)
    {
        var run = EvidenceRun.Of(plan, bytes);
        if (run.Failure is not null)
        {
            return;
        }

        string[] wrong = [.. Outputs(run), .. Rejects(run), .. Input(run.Cleaned, bytes)];
        Assert.True(wrong.Length == 0, $"{string.Join("; ", wrong)}; {bytes.Length} bytes {Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, BytesShown)))}");
    }

    private static IEnumerable<string> Outputs(EvidenceRun run)
    {
        var report = run.Cleaned;
        var counted = Recounter.Output(new MemoryStream(run.Outputs.Output), null, default);
        if (counted.Fault is not null || (counted.Rows, counted.Columns) != (report.Rows.Out, report.Columns.Length))
        {
            yield return $"output: {counted.Fault ?? $"{counted.Rows} rows in {counted.Columns} columns"} for {report.Rows.Out} rows in {report.Columns.Length}";
        }
    }

    private static IEnumerable<string> Rejects(EvidenceRun run)
    {
        var report = run.Cleaned;
        var records = Recounter.Rejects(new MemoryStream(run.Outputs.RejectRecords), null, default);
        if (records.Fault is not null || records.Rows != report.Rows.Rejected)
        {
            yield return $"reject records: {records.Fault ?? $"{records.Rows}"} for {report.Rows.Rejected}";
        }

        var rows = Recounter.RejectRows(new MemoryStream(run.Outputs.RejectRows), new MemoryStream(run.Outputs.RejectRecords), report.Dialect, null, default);
        if (rows.Fault is not null)
        {
            yield return $"rejected rows: {rows.Fault}";
        }
    }

    private static IEnumerable<string> Input(FileReport report, byte[] bytes)
    {
        var isReadable = !report.Steps.SelectMany(step => step.Codes.Keys).Intersect(Unreadable, StringComparer.Ordinal).Any();
        if (isReadable
            && Recounter.Input(new MemoryStream(bytes), report.Dialect, report.InputColumns, default).Records is { } records
            && records != report.Rows.In)
        {
            yield return $"input: {records} records for {report.Rows.In}, read as {report.Dialect}";
        }
    }
}
