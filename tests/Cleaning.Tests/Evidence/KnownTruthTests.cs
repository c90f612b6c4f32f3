using Xunit.Abstractions;

namespace OrleansClean.Cleaning.Tests.Evidence;

/// <summary>Generated files of which everything is known: what went in well comes out as it was, what was broken is found.</summary>
public sealed class KnownTruthTests(ITestOutputHelper output)
{
    private const int SeedsPerRun = 60;
    private const int RecordsPerFile = 120;

    [Fact]
    public void Good_records_come_out_cell_by_cell_as_they_were_made() =>
        Seeds.ForEach(output, SeedsPerRun, RecordsPerFile, (seed, records) =>
        {
            var made = CsvMaker.Make(seed, records, new Recipe(PlantDefects: true));
            AssertCells(made, CleaningRun.Of(PlanFor(made), made.Bytes));
        });

    [Fact]
    public void Every_planted_defect_is_found_where_it_is_and_nothing_else_is_rejected() =>
        Seeds.ForEach(output, SeedsPerRun, RecordsPerFile, (seed, records) =>
        {
            var made = CsvMaker.Make(seed, records, new Recipe(PlantDefects: true));
            var run = CleaningRun.Of(PlanFor(made), made.Bytes);

            Assert.Equal(made.Defects, run.Rejected.Select(r => new Defect(r.Record, r.Line, r.Code)));
            Assert.Equal(made.Records, run.Cleaned.Rows.In);
            Assert.Equal(made.GoodRecords.Count, run.Cleaned.Rows.Out);
            Assert.Equal(made.BlankLines, run.Cleaned.BlankLines);
            run.AssertBalanced();
        });

    [Fact]
    public void Well_formed_files_are_read_as_CsvHelper_reads_them() =>
        Seeds.ForEach(output, SeedsPerRun, RecordsPerFile, (seed, records) =>
        {
            var made = CsvMaker.Make(seed, records, new Recipe(PlantDefects: false, StrayQuotes: false));
            var theirs = SecondReader.Read(made.Bytes, made.Dialect.Delimiter, made.Dialect.Encoding);
            var run = CleaningRun.Of(PlanFor(made), made.Bytes);
            Assert.Equal(theirs, SecondReader.Read(run.Outputs.Output));
            Assert.Equal(0, run.Cleaned.Rows.Rejected);
        });

    [Fact]
    public void Other_quotes_and_longer_delimiters_are_read_as_they_were_made() =>
        Seeds.ForEach(output, SeedsPerRun, RecordsPerFile, (seed, records) =>
        {
            var made = CsvMaker.Make(seed, records, new Recipe(PlantDefects: false, StrayQuotes: false, OddDialect: true));
            var run = CleaningRun.Of(PlanFor(made), made.Bytes);

            Assert.Equal(0, run.Cleaned.Rows.Rejected);
            AssertCells(made, run);
        });

    [Fact]
    public void A_table_as_people_keep_them_is_read_as_it_was_made_without_being_told_how() =>
        Seeds.ForEach(output, SeedsPerRun, RecordsPerFile, (seed, records) =>
        {
            // Fewer rows than these prove nothing about a dialect.
            var made = CsvMaker.Make(seed, records + 10, new Recipe(PlantDefects: false, Regular: true));
            var run = CleaningRun.Of(Corpus.PassThroughPlan, made.Bytes);

            Assert.Equal(made.Dialect.Delimiter, run.Cleaned.Dialect.Delimiter);
            Assert.Equal(1, run.Cleaned.Dialect.HeaderLine);
            Assert.Equal(0, run.Cleaned.Rows.Rejected);
            AssertCells(made, run);
        });

    [Fact]
    public void A_table_with_broken_records_is_read_as_it_was_made_without_being_told_how() =>
        Seeds.ForEach(output, SeedsPerRun, RecordsPerFile, (seed, records) =>
        {
            var made = CsvMaker.Make(seed, records + 10, new Recipe(PlantDefects: true, Regular: true, Utf8Only: true));
            var run = CleaningRun.Of(PlanFor(made, read: ""), made.Bytes);

            Assert.Equal(made.Defects, run.Rejected.Select(r => new Defect(r.Record, r.Line, r.Code)));
            AssertCells(made, run);
        });

    [Fact]
    public void The_maker_tells_the_truth_by_CsvHelper() =>
        Seeds.ForEach(output, SeedsPerRun, RecordsPerFile, (seed, records) =>
        {
            var made = CsvMaker.Make(seed, records, new Recipe(PlantDefects: false, StrayQuotes: false));
            var theirs = SecondReader.Read(made.Bytes, made.Dialect.Delimiter, made.Dialect.Encoding);

            Assert.Equal(made.Header, theirs[0]);
            Assert.Equal(made.GoodRecords, theirs.Skip(1));
        });

    [Fact]
    public void A_file_with_every_kind_of_defect_is_among_those_that_are_made()
    {
        // The tests above prove nothing about a code that the maker never plants.
        var planted = Enumerable.Range(1, 200).SelectMany(seed => CsvMaker.Make(seed, 50, new Recipe(PlantDefects: true)).Defects)
            .Select(d => d.Code).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(
            ["encoding-error", "extra-cell", "missing-cell", "nul-byte", "text-after-quote", "type-error", "unterminated-quote"],
            planted.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    internal static string PlanFor(MadeFile made, string? read = null) => $$"""
        plan: 1
        name: known-truth
        {{read ?? made.PinnedRead}}
        steps:
          - parse: {amount: integer}
        write: out/{name}.csv
        """;

    internal static void AssertCells(MadeFile made, CleaningRun run)
    {
        _ = run.Cleaned;
        var rows = SecondReader.Read(run.Outputs.Output);
        Assert.Equal(made.Header, rows[0]);
        Assert.Equal(made.GoodRecords.Count, rows.Count - 1);
        foreach (var (expected, found) in made.GoodRecords.Zip(rows.Skip(1)))
        {
            Assert.Equal(expected, found);
        }
    }
}
