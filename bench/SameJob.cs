using System.Diagnostics;
using System.Globalization;

namespace OrleansClean.Bench;

/// <summary>Figures are worth comparing only between those who do the same job: ours and the article's rows, one by one.</summary>
internal static class SameJob
{
    /// <summary>Cleans the small workload with both and compares; returns what the peers' own comparison says.</summary>
    public static string Check(Places places, IReadOnlyList<Contender> contenders)
    {
        var input = places.Data("w1s");
        var ours = Path.Combine(places.Outputs, "same-ours");
        var article = Path.Combine(places.Outputs, "same-article");
        Directory.CreateDirectory(places.Outputs);
        _ = Measurement.Of(contenders.First(c => c.Name is Contender.Ours).Command(input, ours));
        _ = Measurement.Of(contenders.First(c => c.Name is Contender.Article).Command(input, article));

        // The comparison takes whole folders, and ours keeps its state in one below.
        var cleaned = Path.Combine(ours, "cleaned");
        Directory.Delete(Path.Combine(cleaned, ".orleansclean"), recursive: true);

        var verdict = Compare(places, "compare_dirs.py", cleaned, article);
        Directory.Delete(ours, recursive: true);
        Directory.Delete(article, recursive: true);
        var rows = long.Parse(verdict.Split(' ')[5], CultureInfo.InvariantCulture);
        return $"{rows.ToString("N0", CultureInfo.InvariantCulture)} rows in {Directory.GetFiles(input, "*.csv").Length.ToString(CultureInfo.InvariantCulture)} files, "
            + "compared one by one with the article's: the same rows, the same numbers within 1e-12.";
    }

    /// <summary>Cleans one small file with ours, in ranges and as a stream, and with the peer that keeps the order of rows, and compares them.</summary>
    public static string CheckOneFile(Places places, IReadOnlyList<Contender> contenders)
    {
        var input = places.Data("size-100");
        var made = contenders.Where(c => c.Name is Contender.CsvHelperStream || c.Name.StartsWith("**", StringComparison.Ordinal)).ToList();
        var outputs = made.ConvertAll(contender =>
        {
            var output = Path.Combine(places.Outputs, $"same-{made.IndexOf(contender)}");
            Directory.CreateDirectory(output);
            _ = Measurement.Of(contender.Command(input, output));
            return Directory.EnumerateFiles(output, "*.csv", SearchOption.AllDirectories).First(path => !path.Contains("_rejects", StringComparison.Ordinal));
        });
        var verdicts = outputs.Skip(1).Select(other => Compare(places, "compare_files.py", outputs[0], other)).ToList();
        for (var i = 0; i < made.Count; i++)
        {
            Directory.Delete(Path.Combine(places.Outputs, $"same-{i}"), recursive: true);
        }

        var rows = long.Parse(verdicts[0].Split(' ')[2], CultureInfo.InvariantCulture) - 1;
        return $"{rows.ToString("N0", CultureInfo.InvariantCulture)} rows of a smaller file were compared one by one with CsvHelper's: the same.";
    }

    private static string Compare(Places places, string script, string ours, string theirs)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(places.Peers, script), ours, theirs])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var verdict = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 && verdict.EndsWith(" bad 0", StringComparison.Ordinal)
            ? verdict
            : throw new InvalidOperationException($"{ours} and {theirs} differ, so their times say nothing:\n{verdict}");
    }
}
