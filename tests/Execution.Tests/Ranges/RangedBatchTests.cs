using System.Text;
using OrleansClean.Execution.Tests.Vocabulary;

namespace OrleansClean.Execution.Tests.Ranges;

/// <summary>A batch with a large file: all of its workers are at it, and nobody can tell from what was made.</summary>
public sealed class RangedBatchTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Outputs_rejects_and_manifest_are_the_same_for_one_worker_and_for_many()
    {
        _place.Write("in/large.csv", Rows(20_000)).WriteInputs(5);
        var made = new List<string>();
        foreach (var workers in (int[])[1, 2, 5])
        {
            var report = await _place.RunAsync(request => request with { Id = "same", Workers = workers });
            var reading = report.Files.Single(file => file.Path == "in/large.csv").Reading;

            Assert.Equal(workers > 1, reading is { Ranges: > 10, OneReader: null });
            made.Add(string.Join('\n', _place.Files().Select(name => _place.Read("out/" + name)))
                + _place.StateFile("same", "manifest.json") + _place.StateFile("same", "rejects/in/large.csv.jsonl"));
            Directory.Delete(_place.OutputRoot, recursive: true);
        }

        Assert.Equal(made[0], made[1]);
        Assert.Equal(made[0], made[2]);
    }

    [Fact]
    public async Task The_summary_says_why_one_reader_was_needed()
    {
        _place.Write("in/large.csv", Rows(20_000) + "1,5\" pipe\n" + Rows(10)["id,value\n".Length..]);

        var report = await _place.RunAsync(request => request with { Workers = 2 });

        Assert.Contains("line 20002: ", report.Files[0].Reading!.OneReader, StringComparison.Ordinal);
        Assert.Contains("one reader took over", _place.StateFile(report.BatchId, "files.jsonl"), StringComparison.Ordinal);
    }

    private static string Rows(int count)
    {
        var text = new StringBuilder("id,value\n");
        for (var i = 0; i < count; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i},{(i % 500 == 3 ? "x" : i)}\n");
        }

        return text.ToString();
    }
}
