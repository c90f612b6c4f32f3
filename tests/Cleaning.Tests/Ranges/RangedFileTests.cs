using System.Text;
using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cleaning.Tests.Evidence;
using Xunit.Abstractions;

namespace OrleansClean.Cleaning.Tests.Ranges;

/// <summary>A file cleaned in ranges, in any order of work, makes what one reader makes of it.</summary>
public sealed class RangedFileTests(ITestOutputHelper output)
{
    private const int SeedsPerRun = 40;
    private const int RecordsPerFile = 120;

    private static readonly int[] RangeSizes = [64, 65, 127, 200, 1000, 1 << 20];

    [Fact]
    public void Every_range_size_makes_the_same_bytes() =>
        Seeds.ForEach(output, SeedsPerRun, RecordsPerFile, (seed, records) =>
        {
            var made = CsvMaker.Make(seed, records, new Recipe(PlantDefects: true));
            var plan = Evidence.CleaningRun.LoadPlan(KnownTruthTests.PlanFor(made));
            AssertSame(plan, made.Bytes, seed, "defects");
        });

    [Fact]
    public void Files_without_a_quote_out_of_place_never_need_one_reader() =>
        Seeds.ForEach(output, SeedsPerRun, RecordsPerFile, (seed, records) =>
        {
            var made = CsvMaker.Make(seed, records, new Recipe(PlantDefects: true, StrayQuotes: false, BreakQuotes: false));
            var plan = Evidence.CleaningRun.LoadPlan(KnownTruthTests.PlanFor(made));
            var run = RangedRun.Of(plan, made.Bytes, rangeBytes: 64, seed);

            Assert.Null(run.Cleaned.Reading!.OneReader);
            Assert.Equal(0, run.Cleaned.Reading.OneReaderBytes);
            Assert.True(run.Cleaned.Reading.Ranges >= (made.Bytes.Length / 130) - 2, $"{run.Cleaned.Reading.Ranges} ranges of {made.Bytes.Length} bytes");
        });

    [Fact]
    public void Barriers_are_measured_in_ranges_to_the_same_bits() =>
        Seeds.ForEach(output, SeedsPerRun, RecordsPerFile, (seed, records) => AssertSame(Barriers, Table(seed, records), seed, "barriers"));

    [Fact]
    public void A_median_that_takes_several_passes_is_the_same_in_ranges()
    {
        // More values than a median keeps: it looks closer in a second pass.
        var random = new Random(4711);
        var text = new StringBuilder("x\n");
        for (var i = 0; i < OrleansClean.Cleaning.Formulas.Median.KeysMax + 1000; i++)
        {
            text.Append(random.Next(50_000)).Append('\n');
        }

        var plan = Evidence.CleaningRun.LoadPlan("""
            plan: 1
            name: middle
            read: {header: 1, delimiter: ","}
            steps: [{filter: x <= median(x)}]
            write: out/{name}.csv
            """);
        var input = Encoding.UTF8.GetBytes(text.ToString());
        var (one, ranged) = (Evidence.CleaningRun.Of(plan, input), RangedRun.Of(plan, input, rangeBytes: 1 << 16, seed: 1));
        AssertSame(one, ranged, "median");
        Assert.True(ranged.Cleaned.Passes > 2, $"{ranged.Cleaned.Passes} passes");
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Quotes_and_line_ends_may_stand_on_every_seam(string newline)
    {
        var records = new[] { "1,\"a\"\"b\"", "2,\"line\nbreak\"", "3,\"cr\r\nlf\"", "", "4,\"\"", "5,\"\r\"", "", "6,\"q\"\"\"", "7,x", "bad" };
        var body = string.Join(newline, Enumerable.Repeat(string.Join(newline, records), 8)) + newline;
        var plan = Evidence.CleaningRun.LoadPlan(Seams);
        for (var shift = 0; shift < 80; shift++)
        {
            var input = Encoding.UTF8.GetBytes($"id,note{newline}0,{new string('x', shift)}{newline}{body}");
            var one = Evidence.CleaningRun.Of(plan, input);
            foreach (var size in (int[])[64, 67, 128])
            {
                AssertSame(one, RangedRun.Of(plan, input, size, shift), $"shift {shift}, ranges of {size}");
            }
        }
    }

    [Fact]
    public void A_quote_out_of_place_costs_one_reader_a_stretch_and_not_the_file()
    {
        var rows = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},note {i}\n"));
        var input = Encoding.UTF8.GetBytes($"id,note\n0,\"open \n{rows}1,5\" pipe\n{rows}");
        var plan = Evidence.CleaningRun.LoadPlan(Corpus.PassThroughPlan);
        var run = RangedRun.Of(plan, input, rangeBytes: 4096, seed: 7);

        AssertSame(Evidence.CleaningRun.Of(plan, input), run, "one open quote");
        Assert.Equal("line 2: unterminated-quote; one reader took over from there", run.Cleaned.Reading!.OneReader);
        Assert.InRange(run.Cleaned.Reading.OneReaderBytes, 1, input.Length / 10);
        Assert.InRange(run.Cleaned.Reading.Ranges, 50, 1000);
    }

    [Fact]
    public void A_file_full_of_stray_quotes_is_read_by_one_reader_nearly_throughout()
    {
        var input = Encoding.UTF8.GetBytes("id,size\n" + string.Concat(Enumerable.Range(0, 5_000).Select(i => $"{i},5\" pipe\n")));
        var plan = Evidence.CleaningRun.LoadPlan(Corpus.PassThroughPlan);
        var run = RangedRun.Of(plan, input, rangeBytes: 64, seed: 3);

        AssertSame(Evidence.CleaningRun.Of(plan, input), run, "inches");
        Assert.InRange(run.Cleaned.Reading!.OneReaderBytes, input.Length - 200, input.Length);
        Assert.InRange(run.Cleaned.Reading.Ranges, 1, 20);
    }

    [Fact]
    public void Records_beyond_their_limits_are_the_same_records_in_ranges()
    {
        var limits = new Limits { RecordBytesMax = 300, FieldBytesMax = 200, RecordLinesMax = 4 };
        var plan = Evidence.CleaningRun.LoadPlan(Corpus.PassThroughPlan);
        foreach (var middle in (string[])[
            new string('y', 5000), $"\"{new string('y', 5000)}\"", $"\"{new string('y', 5000)}", "\"a\nb\nc\nd\ne\",2", $"1,\"{new string('z', 290)}\"", $"{new string('z', 150)},{new string('z', 149)}"])
        {
            var input = Encoding.UTF8.GetBytes($"a,b\n1,2\n{middle}\n3,4\n5,\"six\nseven\"\n");
            var one = Evidence.CleaningRun.Of(plan, input, limits: limits);
            foreach (var size in RangeSizes)
            {
                AssertSame(one, RangedRun.Of(plan, input, size, seed: 5, limits), $"{middle[..4]}, ranges of {size}");
            }
        }
    }

    [Fact]
    public void The_limit_of_broken_records_counts_over_all_stretches()
    {
        var limits = new Limits { BrokenRecordsMax = 20 };
        var plan = Evidence.CleaningRun.LoadPlan(Corpus.PassThroughPlan);
        var good = string.Concat(Enumerable.Repeat("1,2\n", 200));
        var input = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Repeat($"\"x\"y,2\n{good}", 30)));
        var (one, ranged) = (Evidence.CleaningRun.Of(plan, input, limits: limits), RangedRun.Of(plan, input, 64, seed: 5, limits));

        Assert.Equal(ProblemCodes.MalformedFile, one.Failure!.Code);
        AssertSame(one, ranged, "malformed");
    }

    [Fact]
    public void A_step_that_fails_the_file_fails_it_at_the_same_line() =>
        Seeds.ForEach(output, 20, RecordsPerFile, (seed, records) =>
        {
            var plan = Evidence.CleaningRun.LoadPlan("""
                plan: 1
                name: strict
                read: {header: 1, delimiter: ","}
                steps: [{parse: {amount: integer}, on_error: fail}]
                write: out/{name}.csv
                """);
            AssertSame(plan, Table(seed, records), seed, "strict");
        });

    [Fact]
    public void A_file_whose_reading_fails_fails_behind_the_rows_that_were_read()
    {
        var plain = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},x\n")));
        var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        var torn = packed.ToArray()[..^2000];
        var plan = Evidence.CleaningRun.LoadPlan(Corpus.PassThroughPlan);
        var (one, ranged) = (Evidence.CleaningRun.Of(plan, torn), RangedRun.Of(plan, torn, 4096, seed: 2));

        Assert.Equal(ProblemCodes.CompressionError, one.Failure!.Code);
        Assert.Equal(one.Failure.Message, ranged.Failure!.Message);
    }

    [Fact]
    public void A_plan_that_needs_the_order_of_rows_says_so_and_is_read_by_one_reader()
    {
        var plan = Evidence.CleaningRun.LoadPlan("""
            plan: 1
            name: unique
            steps: [{dedupe: [id]}]
            write: out/{name}.csv
            """);
        var run = RangedRun.Of(plan, "id,x\n1,a\n1,b\n2,c\n"u8.ToArray(), 64, seed: 1);

        Assert.Equal(2, run.Cleaned.Rows.Out);
        Assert.Equal(0, run.Cleaned.Reading!.Ranges);
        Assert.Equal("step dedupe keeps the first row of each key, so rows are decided in file order", run.Cleaned.Reading.OneReader);
    }

    [CorpusFact]
    public void Files_of_the_corpus_glued_to_a_large_file_are_the_same_in_ranges()
    {
        var plan = Evidence.CleaningRun.LoadPlan(Glued);
        var rows = string.Concat(Enumerable.Range(0, 3_000).Select(i => $"{i},\"note, {i}\",{i % 7}.5\n"));
        var files = Corpus.Files().Select(f => File.ReadAllBytes(Path.Combine(Corpus.Folder!, f.Path))).Where(b => b.Length < 200_000).ToList();
        Assert.True(files.Count > 500);
        var random = new Random(20260131);
        var cleaned = 0;
        foreach (var glue in files)
        {
            byte[] input = [.. "id,note,value\n"u8, .. Encoding.UTF8.GetBytes(rows), .. glue, (byte)'\n', .. Encoding.UTF8.GetBytes(rows)];
            var one = Evidence.CleaningRun.Of(plan, input);
            AssertSame(one, RangedRun.Of(plan, input, random.Next(64, 20_000), random.Next()), "glued");
            cleaned += one.Report is null ? 0 : 1;
        }

        Assert.True(cleaned > 500, $"{cleaned} files were cleaned");
    }

    [CorpusFact]
    [Trait("Category", "Long")]
    public void The_corpus_glued_to_100_megabytes_is_the_same_in_ranges_and_in_pieces()
    {
        const int bytesMin = 100_000_000;
        var plan = Evidence.CleaningRun.LoadPlan(Glued);
        var rows = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i},\"note, {i}\",{i % 7}.5\n")));
        var files = Corpus.Files().Select(f => File.ReadAllBytes(Path.Combine(Corpus.Folder!, f.Path))).Where(b => b.Length < 2_000_000).ToArray();
        var random = new Random(20260131);
        using var glued = new MemoryStream();
        glued.Write("id,note,value\n"u8);
        while (glued.Length < bytesMin)
        {
            random.Shuffle(files);
            foreach (var file in files.Take(40))
            {
                glued.Write(file);
                glued.WriteByte((byte)'\n');
            }

            for (var repeat = 0; repeat < 12; repeat++)
            {
                glued.Write(rows);
            }
        }

        var limits = new Limits { BrokenRecordsMax = int.MaxValue };
        var input = glued.ToArray();
        var one = Evidence.CleaningRun.Of(plan, input, limits: limits);
        var ranged = RangedRun.Of(plan, input, ReaderTuning.RangeBytesDefault, seed: 1, limits);
        AssertSame(one, ranged, "ranges");
        var (pieces, inPieces) = PiecedRun.Of(plan, input, pieceBytes: 4 << 20, ReaderTuning.RangeBytesDefault, seed: 1, limits);
        AssertSame(one with { Report = one.Cleaned with { FirstReject = null } }, inPieces with { Report = inPieces.Cleaned with { FirstReject = null } }, "pieces");
        output.WriteLine($"{input.Length} bytes, {one.Cleaned.Rows}, {ranged.Cleaned.Reading}, {pieces} pieces");
        Assert.True(ranged.Cleaned.Reading is { OneReader: not null, Ranges: > 50 } && pieces > 3, $"{ranged.Cleaned.Reading}, {pieces} pieces");
    }

    private static Plan Barriers { get; } = Evidence.CleaningRun.LoadPlan("""
        plan: 1
        name: barriers
        read: {header: 1, delimiter: ",", nulls: [NA]}
        steps:
          - parse: {day: date}
            id: days
          - parse: {amount: number}
          - filter: amount <= max(amount) - 1
          - derive:
              share: amount / sum(amount)
              above: amount - avg(amount)
            on_error: "null"
          - derive: {middle: amount - median(amount)}
            id: middle
            when: amount > min(amount)
          - check: amount < avg(amount) * 30
        expect:
          - {check: amount > 3, severity: warn}
          - amount < 990
        write: out/{name}.csv
        """);

    /// <summary>The dialect is that of a large file: the corpus then is what someone pasted into it.</summary>
    private const string Glued = """
        plan: 1
        name: glued
        read: {encoding: utf-8, delimiter: ",", quote: '"', header: 1}
        write: out/{name}.csv
        """;

    private const string Seams = """
        plan: 1
        name: seams
        read: {header: 1, delimiter: ",", encoding: utf-8, quote: '"'}
        steps: [{derive: {length: length(note)}}]
        write: out/{name}.csv
        """;

    private static byte[] Table(int seed, int records)
    {
        var random = new Random(seed);
        var text = new StringBuilder("id,day,amount,note\n");
        for (var i = 0; i < records; i++)
        {
            var day = random.Next(3) == 0 ? $"{random.Next(1, 29)}/{random.Next(1, 13)}/2025" : $"2025-0{random.Next(1, 10)}-1{random.Next(10)}";
            var amount = random.Next(12) switch { 0 => "", 1 => "NA", 2 when seed % 2 == 0 => "x", 3 => $"1e{random.Next(3)}", _ => $"{random.Next(1000)}.{random.Next(100)}" };
            var note = random.Next(4) == 0 ? "\"a\r\n\"\"b\"\"\"" : "n";
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i},{day},{amount},{note}").Append(random.Next(5) == 0 ? "\r\n" : "\n");
            text.Append(random.Next(20) == 0 ? "\n" : "").Append(random.Next(30) == 0 ? "short\n" : "");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void AssertSame(Plan plan, byte[] input, int seed, string what)
    {
        var one = Evidence.CleaningRun.Of(plan, input);
        foreach (var size in RangeSizes)
        {
            AssertSame(one, RangedRun.Of(plan, input, size, seed, bytesAtOnce: seed % 3 == 0 ? 7 : int.MaxValue, isScalar: seed % 2 == 0), $"{what}, ranges of {size}");
        }
    }

    private static void AssertSame(Evidence.CleaningRun one, Evidence.CleaningRun ranged, string how)
    {
        Assert.Equal(one.Failure?.Message, ranged.Failure?.Message);
        Assert.Equal(one.Failure?.Line, ranged.Failure?.Line);
        if (one.Failure is not null)
        {
            return;
        }

        Assert.True(one.Outputs.Output.AsSpan().SequenceEqual(ranged.Outputs.Output), $"{how}: other output");
        Assert.True(one.Outputs.RejectRows.AsSpan().SequenceEqual(ranged.Outputs.RejectRows), $"{how}: other reject rows");
        Assert.True(one.Outputs.RejectRecords.AsSpan().SequenceEqual(ranged.Outputs.RejectRecords), $"{how}: other reject records");
        Assert.Equal(Comparable(one), Comparable(ranged));
    }

    /// <summary>Everything that a report says, but for how the file was read.</summary>
    private static string Comparable(Evidence.CleaningRun run) => System.Text.Json.JsonSerializer.Serialize(run.Cleaned with { Reading = null });
}
