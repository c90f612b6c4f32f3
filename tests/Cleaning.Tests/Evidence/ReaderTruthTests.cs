using System.Text;
using OrleansClean.Cleaning.Csv;
using Xunit.Abstractions;

namespace OrleansClean.Cleaning.Tests.Evidence;

/// <summary>The fast reader alone over generated files: bytes that are wrong are found in place, by every scanner and buffer.</summary>
public sealed class ReaderTruthTests(ITestOutputHelper output)
{
    private const int SeedsPerRun = 60;
    private const int RecordsPerFile = 100;

    [Fact]
    public void Broken_records_are_found_where_they_are_and_the_others_keep_their_cells() =>
        Seeds.ForEach(output, SeedsPerRun, RecordsPerFile, (seed, records) =>
        {
            var made = CsvMaker.Make(seed, records, new Recipe(PlantDefects: true, Utf8Only: true));
            Assert.All(ReaderSetting.All, setting => Check(made, setting));
        });

    private static void Check(MadeFile made, ReaderSetting setting)
    {
        // The header's widths and types are the pipeline's business: its codes count as good records here.
        var broken = made.Defects.Where(d => d.Code is not (ProblemCodes.ExtraCell or ProblemCodes.MissingCell or ProblemCodes.TypeError)).ToList();
        var bare = made.Defects.Where(d => !broken.Contains(d)).Select(d => d.Record).ToHashSet();
        using var reader = new CsvReader(
            new MemoryStream(made.Bytes), (byte)made.Dialect.Delimiter[0], skipBlankLines: true, Limits.Default, tuning: setting.Tuning);
        var record = new Cleaning.Csv.Record();
        Assert.Equal(ReadResult.Record, reader.Read(record));

        var found = new List<Defect>();
        var good = new List<string[]>();
        for (var result = reader.Read(record); result != ReadResult.End; result = reader.Read(record))
        {
            if (result == ReadResult.Broken)
            {
                found.Add(new Defect(record.Number - 1, record.Line, reader.Problem!.Code));
            }
            else if (!bare.Contains(record.Number - 1))
            {
                good.Add([.. Enumerable.Range(0, record.FieldCount).Select(i => Cell(record.RawField(i)))]);
            }
        }

        Assert.Equal(broken, found);
        Assert.Equal(made.GoodRecords, good);
        Assert.Equal(made.BlankLines, reader.BlankLines);
    }

    private static string Cell(ReadOnlySpan<byte> raw) => raw is [(byte)'"', .., (byte)'"']
        ? Encoding.UTF8.GetString(raw[1..^1]).Replace("\"\"", "\"", StringComparison.Ordinal)
        : Encoding.UTF8.GetString(raw);
}
