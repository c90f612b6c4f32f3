using System.Text;
using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cleaning.Tests.Evidence;
using Xunit.Abstractions;

namespace OrleansClean.Cleaning.Tests.Ranges;

/// <summary>The pieces of a file, cleaned anywhere and put together, are what one reader makes of all of it.</summary>
public sealed class FilePieceTests(ITestOutputHelper output)
{
    private const int SeedsPerRun = 40;
    private const int RecordsPerFile = 120;

    /// <summary>Short records, so that a piece may begin soon behind a record that one reader had to read.</summary>
    private static readonly Limits Short = new() { RecordBytesMax = 300, FieldBytesMax = 200, RecordLinesMax = 40 };

    [Fact]
    public void Pieces_of_every_size_make_the_same_bytes_and_the_same_ledger()
    {
        var pieces = 0;
        Seeds.ForEach(output, SeedsPerRun, RecordsPerFile, (seed, records) =>
        {
            var made = CsvMaker.Make(seed, records, new Recipe(PlantDefects: true));
            var plan = Evidence.CleaningRun.LoadPlan(KnownTruthTests.PlanFor(made));
            pieces += AssertSame(plan, made.Bytes, seed, Short);
        });
        Assert.True(pieces > SeedsPerRun * 4, $"{pieces} pieces in all");
    }

    [Fact]
    public void Expectations_rejects_and_the_clock_are_counted_over_all_pieces()
    {
        var plan = Evidence.CleaningRun.LoadPlan("""
            plan: 1
            name: counted
            read: {header: 1, delimiter: ",", encoding: utf-8, quote: '"'}
            steps:
              - parse: {amount: integer}
              - {filter: amount != 3, id: threes}
              - derive: {day: today()}
            expect:
              - {check: amount > 2, severity: warn}
              - amount < 9
            write: out/{name}.csv
            """);
        var rows = string.Concat(Enumerable.Range(0, 400).Select(i => i % 37 == 5 ? "\n" : i % 41 == 7 ? $"{i}\n" : $"{i},{(i % 29 == 3 ? "x" : i % 11)},\"n\"\n"));
        Assert.True(AssertSame(plan, Encoding.UTF8.GetBytes("id,amount,note\n" + rows), seed: 5, Short) > 20);
        Assert.True(AssertSame(plan, [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("id,amount,note\r\n" + rows)], seed: 6, Short) > 20);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Quotes_line_ends_and_broken_records_may_stand_on_every_seam(string newline)
    {
        var records = new[] { "1,\"a\"\"b\"", "2,\"line\nbreak\"", "3,\"cr\r\nlf\"", "", "4,\"\"", "", "6,\"q\"\"\"", "7,x", "bad" };
        var body = string.Join(newline, Enumerable.Repeat(string.Join(newline, records), 40)) + newline;
        var broken = $"8,\"open{newline}{body}9,\"x\"y{newline}{body}";
        var plan = Evidence.CleaningRun.LoadPlan("""
            plan: 1
            name: seams
            read: {header: 1, delimiter: ",", encoding: utf-8, quote: '"'}
            steps: [{derive: {length: length(note)}}]
            write: out/{name}.csv
            """);
        for (var shift = 0; shift < 40; shift++)
        {
            var head = $"id,note{newline}0,{new string('x', shift)}{newline}";
            AssertSame(plan, Encoding.UTF8.GetBytes(head + body), shift, Short);
            AssertSame(plan, Encoding.UTF8.GetBytes(head + broken), shift, Short);
        }
    }

    [Fact]
    public void No_piece_begins_where_one_reader_has_looked_to_decide()
    {
        // The open quote is closed some lines later, before a letter: seen without these lines it would be another problem.
        var plan = Evidence.CleaningRun.LoadPlan(Corpus.PassThroughPlan);
        var good = string.Concat(Enumerable.Repeat("1,good\n", 30));
        for (var lines = 1; lines < 30; lines++)
        {
            var between = string.Concat(Enumerable.Repeat("2,plain\n", lines));
            var input = Encoding.UTF8.GetBytes($"id,note\n{good}3,\"open\n{between}4,closed\"x\n{good}{good}{good}");
            AssertSame(plan, input, lines, Short);
        }
    }

    [Fact]
    public void A_file_that_ends_where_a_piece_ends_has_no_empty_piece()
    {
        var plan = Evidence.CleaningRun.LoadPlan(Corpus.PassThroughPlan);
        for (var rows = 1; rows < 200; rows++)
        {
            var input = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Repeat("1,2\n", rows)));
            var (pieces, run) = PiecedRun.Of(plan, input, pieceBytes: 64, rangeBytes: 64, seed: rows);
            Assert.Equal(Math.Max(1, ((rows * 4) + 63) / 64), pieces);
            Assert.Equal(rows, run.Cleaned.Rows.Out);
        }
    }

    [Theory]
    [InlineData("steps: [{dedupe: [id]}]", "step dedupe keeps the first row of each key, so rows are decided in file order")]
    [InlineData("steps: [{filter: id <= max(id)}]", "a step looks at all rows before it decides the first one")]
    [InlineData("read: {encoding: windows-1252}", "only uncompressed UTF-8 can be opened in the middle")]
    [InlineData("read: {quote: \"'\"}", "a dialect of other delimiters, quotes, escapes or comments is read by one reader")]
    public void What_cannot_be_cut_says_why(string section, string why)
    {
        var plan = Evidence.CleaningRun.LoadPlan($"plan: 1\nname: whole\n{section}\nwrite: out/{{name}}.csv\n");
        var job = new FileCleaning
        {
            Plan = plan,
            InputName = "in.csv",
            OpenInput = () => new MemoryStream("id,x\n1,a\n"u8.ToArray()),
            Outputs = new MemoryOutputs(),
            BatchId = "evidence-1",
            Now = default,
        };
        using var file = RangedFile.Survey(job, new(pieceBytes: 64), CancellationToken.None);

        Assert.Equal(why, file.Obstacle);
    }

    private static int AssertSame(Plan plan, byte[] input, int seed, Limits limits)
    {
        var one = Evidence.CleaningRun.Of(plan, input, limits: limits);
        var all = 0;
        foreach (var (pieceBytes, rangeBytes) in ((int, int)[])[(64, 64), (200, 64), (1000, 127), (1, 256), (1 << 20, 64)])
        {
            var (pieces, run) = PiecedRun.Of(plan, input, pieceBytes, rangeBytes, seed, limits);
            var how = $"seed {seed}, {pieces} pieces of {pieceBytes}, ranges of {rangeBytes}";
            Assert.Equal(one.Failure?.Message, run.Failure?.Message);
            if (one.Failure is null)
            {
                Assert.True(one.Outputs.Output.AsSpan().SequenceEqual(run.Outputs.Output), $"{how}: other output");
                Assert.True(one.Outputs.RejectRows.AsSpan().SequenceEqual(run.Outputs.RejectRows), $"{how}: other reject rows");
                Assert.True(one.Outputs.RejectRecords.AsSpan().SequenceEqual(run.Outputs.RejectRecords), $"{how}: other reject records");
                Assert.Equal(Text(one), Text(run));
            }

            all += pieces;
        }

        return all;
    }

    /// <summary>Everything that a report says, but for how the file was read, and for cells: a piece's counts hold none.</summary>
    private static string Text(Evidence.CleaningRun run) => System.Text.Json.JsonSerializer.Serialize(run.Cleaned with
    {
        Reading = null,
        FirstReject = run.Cleaned.FirstReject is { } reject ? reject with { Value = null } : null,
        Expectations = [.. run.Cleaned.Expectations.Select(check => check with { Samples = [.. check.Samples.Select(sample => sample with { Value = null })] })],
    });
}
