using System.IO.Compression;
using Xunit.Abstractions;

namespace OrleansClean.Cleaning.Tests.Evidence;

/// <summary>How the engine reads never changes what it makes: scanner, buffer, compression, a second cleaning.</summary>
public sealed class SameBytesTests(ITestOutputHelper output)
{
    private const int SeedsPerRun = 20;
    private const int RecordsPerFile = 80;

    [Fact]
    public void Both_scanners_and_every_buffer_make_the_same_bytes() =>
        Seeds.ForEach(output, SeedsPerRun, RecordsPerFile, (seed, records) =>
        {
            var made = CsvMaker.Make(seed, records, new Recipe(PlantDefects: true));
            var plan = CleaningRun.LoadPlan(KnownTruthTests.PlanFor(made));
            var runs = ReaderSetting.All.Select(setting => (setting, run: CleaningRun.Of(plan, made.Bytes, setting: setting))).ToList();

            Assert.Equal(8, runs.Count);
            Assert.All(runs, r => AssertSame(runs[0].run, r.run, r.setting.ToString()));
        });

    [Fact]
    public void The_buffer_that_a_test_asks_for_is_the_one_that_reads()
    {
        var bytesWanted = new List<int>();
        var job = new FileCleaning
        {
            Plan = CleaningRun.LoadPlan(Corpus.PassThroughPlan),
            InputName = "in.csv",
            OpenInput = () => new WatchedInput("a,b\n1,2\n"u8.ToArray(), bytesWanted),
            Outputs = new MemoryOutputs(),
            BatchId = "evidence-1",
            Now = DateTime.UnixEpoch,
            Tuning = new ReaderSetting("vector", 1).Tuning,
        };

        FileCleaner.Clean(job, CancellationToken.None);

        Assert.Equal(1, bytesWanted[^1]);
    }

    [Fact]
    public void A_gzipped_file_makes_the_bytes_of_the_plain_one() =>
        Seeds.ForEach(output, SeedsPerRun, RecordsPerFile, (seed, records) =>
        {
            var made = CsvMaker.Make(seed, records, new Recipe(PlantDefects: true, Utf8Only: true));
            var plan = CleaningRun.LoadPlan(KnownTruthTests.PlanFor(made));

            AssertSame(CleaningRun.Of(plan, made.Bytes), CleaningRun.Of(plan, Gzip(made.Bytes)), "gzip");
        });

    [Fact]
    public void A_gzip_of_many_members_makes_the_bytes_of_the_plain_file() =>
        Seeds.ForEach(output, SeedsPerRun, RecordsPerFile, (seed, records) =>
        {
            var made = CsvMaker.Make(seed, records, new Recipe(PlantDefects: true, Utf8Only: true));
            var plan = CleaningRun.LoadPlan(KnownTruthTests.PlanFor(made));
            var members = made.Bytes.Chunk(Math.Max(1, made.Bytes.Length / 5)).SelectMany(Gzip).ToArray();

            AssertSame(CleaningRun.Of(plan, made.Bytes), CleaningRun.Of(plan, members), "gzip of many members");
        });

    [Fact]
    public void Cleaning_what_is_clean_changes_nothing() =>
        Seeds.ForEach(output, SeedsPerRun, RecordsPerFile, (seed, records) =>
        {
            var made = CsvMaker.Make(seed, records, new Recipe(PlantDefects: true));
            var once = CleaningRun.Of(Idempotent(made.PinnedRead), made.Bytes);
            var twice = CleaningRun.Of(Idempotent("""read: {delimiter: ",", encoding: utf-8, header: 1}"""), once.Outputs.Output);

            Assert.Equal(once.Cleaned.Rows.Out, twice.Cleaned.Rows.In);
            Assert.Equal(twice.Cleaned.Rows.In, twice.Cleaned.Rows.Out);
            Assert.Equal(0, twice.Cleaned.CellsChanged);
            Assert.Equal(once.Outputs.Output, twice.Outputs.Output);
        });

    [Fact]
    public void What_was_rejected_is_rejected_again_from_the_reject_file() =>
        Seeds.ForEach(output, SeedsPerRun, RecordsPerFile, (seed, records) =>
        {
            // The reject file is in the input's own dialect and encoding, so that the same plan reads it.
            var made = CsvMaker.Make(seed, records, new Recipe(PlantDefects: true, BreakQuotes: false));
            var first = CleaningRun.Of(KnownTruthTests.PlanFor(made), made.Bytes);
            if (made.Defects.Count == 0)
            {
                Assert.Empty(first.Outputs.RejectRows);
                return;
            }

            var second = CleaningRun.Of(KnownTruthTests.PlanFor(made), first.Outputs.RejectRows);
            Assert.Equal(0, second.Cleaned.Rows.Out);
            Assert.Equal(first.Rejected.Select(r => r.Code), second.Rejected.Select(r => r.Code), StringComparer.Ordinal);
        });

    private static string Idempotent(string read) => $$"""
        plan: 1
        name: idempotent
        {{read}}
        steps:
          - normalize_headers
          - trim: all
          - drop_empty: rows
          - parse: {amount: integer}
        write: out/{name}.csv
        """;

    private static void AssertSame(CleaningRun expected, CleaningRun found, string how)
    {
        Assert.True(expected.Cleaned.Rows == found.Cleaned.Rows, $"{how}: {found.Cleaned.Rows} against {expected.Cleaned.Rows}");
        Assert.True(expected.Outputs.Output.AsSpan().SequenceEqual(found.Outputs.Output), $"{how}: other output");
        Assert.True(expected.Outputs.RejectRows.AsSpan().SequenceEqual(found.Outputs.RejectRows), $"{how}: other reject rows");
        Assert.True(expected.Outputs.RejectRecords.AsSpan().SequenceEqual(found.Outputs.RejectRecords), $"{how}: other reject records");
        Assert.Equal(expected.Cleaned.Steps.Select(s => s.Rows), found.Cleaned.Steps.Select(s => s.Rows));
        Assert.Equal(expected.Cleaned.BlankLines, found.Cleaned.BlankLines);
    }

    private static byte[] Gzip(byte[] plain)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }

    /// <summary>An input that notes how many bytes it is asked for.</summary>
    private sealed class WatchedInput(byte[] bytes, List<int> bytesWanted) : MemoryStream(bytes, writable: false)
    {
        public override int Read(Span<byte> buffer)
        {
            bytesWanted.Add(buffer.Length);
            return base.Read(buffer);
        }
    }
}
