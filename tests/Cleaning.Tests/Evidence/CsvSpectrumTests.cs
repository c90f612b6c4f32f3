using System.Text.Json;

namespace OrleansClean.Cleaning.Tests.Evidence;

/// <summary>The classic acid test of CSV readers: every file gives exactly the records of its JSON.</summary>
public sealed class CsvSpectrumTests
{
    /// <summary>The one cell in which the corpus contradicts itself: its JSON has another telephone number than its CSV.</summary>
    private static readonly (string File, string Csv, string Json) Anonymised = ("location_coordinates", "2095257564", "1234567890");

    [CorpusFact]
    public void Every_file_of_csv_spectrum_gives_exactly_the_records_of_its_json()
    {
        var files = Directory.GetFiles(Path.Combine(Corpus.Folder!, "csv-spectrum", "csvs"), "*.csv");
        Assert.Equal(12, files.Length);
        foreach (var file in files)
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var run = CleaningRun.Of(Corpus.PassThroughPlan, File.ReadAllBytes(file), name);
            run.AssertBalanced();

            var rows = SecondReader.Read(run.Outputs.Output);
            var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Corpus.Folder!, "csv-spectrum", "json", name + ".json"))).RootElement;
            var expected = json.ValueKind is JsonValueKind.Array ? json.EnumerateArray().ToList() : [json];

            Assert.Equal(expected.Count, rows.Count - 1);
            foreach (var (record, cells) in expected.Zip(rows.Skip(1)))
            {
                var properties = record.EnumerateObject().ToList();
                Assert.Equal(properties.Select(p => p.Name), rows[0], StringComparer.Ordinal);
                Assert.Equal(properties.Select(p => InCsv(name, p.Value.GetString()!)), cells, StringComparer.Ordinal);
            }
        }
    }

    private static string InCsv(string file, string json) =>
        string.Equals(file, Anonymised.File, StringComparison.Ordinal) && string.Equals(json, Anonymised.Json, StringComparison.Ordinal)
            ? Anonymised.Csv
            : json;
}
