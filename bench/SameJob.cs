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

        var compare = Path.Combine(places.Peers, "compare_dirs.py");
        var start = new ProcessStartInfo("/usr/bin/python3", [compare, cleaned, article])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var verdict = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        Directory.Delete(ours, recursive: true);
        Directory.Delete(article, recursive: true);
        if (process.ExitCode != 0 || !verdict.EndsWith(" bad 0", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"Ours and the article's outputs differ, so their times say nothing:\n{verdict}");
        }

        var rows = long.Parse(verdict.Split(' ')[5], CultureInfo.InvariantCulture);
        return $"{rows.ToString("N0", CultureInfo.InvariantCulture)} rows in {Directory.GetFiles(input, "*.csv").Length.ToString(CultureInfo.InvariantCulture)} files, "
            + "compared one by one with the article's: the same rows, the same numbers within 1e-12.";
    }
}
