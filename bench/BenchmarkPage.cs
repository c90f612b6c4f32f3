using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OrleansClean.Bench;

/// <summary>
/// Writes <c>docs/benchmarks.md</c>: only what was measured. A part that is measured again takes the place of what stood under its title; the others
/// stay as they were, each with its own date.
/// </summary>
internal sealed partial class BenchmarkPage(string machine, string versions, string commit, int rounds)
{
    private static readonly string[] Order = ["W1", "W2", "W3", "W4", "W5", "One file", "How cost"];

    private readonly StringBuilder _page = new();
    private readonly List<(string Title, string Text)> _parts = [];

    /// <summary>What was measured now.</summary>
    public override string ToString() => string.Concat(_parts.Select(part => part.Text));

    /// <summary>The page <paramref name="former"/> with what was measured now in its place.</summary>
    public string Renew(string former)
    {
        var parts = Titles().Split(former).Where(part => part.StartsWith("## ", StringComparison.Ordinal)).Select(text => (Title: TitleOf(text), Text: text)).ToList();
        var renewed = _parts.Concat(parts.Where(old => _parts.TrueForAll(part => part.Title != old.Title)))
            .OrderBy(part => Array.FindIndex(Order, beginning => part.Title.StartsWith(beginning, StringComparison.Ordinal)));
        return Head() + string.Join("\n\n", renewed.Select(part => part.Text.TrimEnd('\n'))) + "\n";
    }

    /// <summary>One race.</summary>
    public void Table(string title, string shape, IReadOnlyList<Result> results, string articleName = Contender.Article, IReadOnlyList<Result>? sizes = null)
    {
        var article = results.First(r => r.Name == articleName);
        Line(CultureInfo.InvariantCulture, $"## {title}");
        Line();
        Line(shape);
        Line();
        Line("| | wall s | CPU s | MB per CPU s | MB/s | peak memory | MB per CPU s against the article | others |");
        Line("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var r in results.OrderBy(r => r.CpuSeconds))
        {
            Line(CultureInfo.InvariantCulture,
                $"| {r.Name} | {r.WallSeconds:F2} | {r.CpuSeconds:F2} | {r.MegabytesPerCpuSecond:F1} | {r.MegabytesPerSecond:F1} | {r.PeakBytes / 1e6:F0} MB | {r.MegabytesPerCpuSecond / article.MegabytesPerCpuSecond:F1}× | {r.ForeignCores:F2} |");
        }

        Line();
        if (sizes is not null)
        {
            Line("What it takes does not grow with the file:");
            Line();
            Line("| file | | peak memory | wall s | CPU s | MB per CPU s |");
            Line("| ---: | --- | ---: | ---: | ---: | ---: |");
            foreach (var r in sizes)
            {
                Line(CultureInfo.InvariantCulture,
                    $"| {r.InputBytes / 1e6:F0} MB | {r.Name} | {r.PeakBytes / 1e6:F0} MB | {r.WallSeconds:F2} | {r.CpuSeconds:F2} | {r.MegabytesPerCpuSecond:F1} |");
            }

            Line();
        }

        End(title);
    }

    public void Maps(IReadOnlyList<MapResult> results)
    {
        const string title = "W4: one function, many inputs";
        Line($"## {title}");
        Line();
        Line("The article's Example 1 with two workers, medians in turn. The pool's figures are what its script measures, its start included; as a");
        Line("library ours is warm. The commands are measured from start to end, read the same file and write the same bytes.");
        Line();
        Line("| theirs | ms | ours | ms | times as fast |");
        Line("| --- | ---: | --- | ---: | ---: |");
        foreach (var r in results)
        {
            Line(CultureInfo.InvariantCulture,
                $"| {r.Theirs} | {r.TheirSeconds * 1e3:F0} | {r.Ours} | {r.OurSeconds * 1e3:F1} | {r.Ratio:F1}× |");
        }

        Line();
        End(title);
    }

    public void Arrays(IReadOnlyList<ArrayResult> results)
    {
        const string title = "W3: an array in memory";
        Line($"## {title}");
        Line();
        Line("The article's Example 4: 1 GB of float64 times two, in place. GB/s, the best of all repetitions and in brackets the median; each program repeats");
        Line("it five or seven times. [`docs/arrays.md`](arrays.md) has what the command takes for files.");
        Line();
        Line("| | threads | GB/s | GB per CPU s |");
        Line("| --- | ---: | ---: | ---: |");
        foreach (var r in results)
        {
            Line(CultureInfo.InvariantCulture,
                $"| {r.Name} | {r.Threads} | {r.Speed.WallBest:F1} ({r.Speed.WallMedian:F1}) | {r.Speed.CpuBest:F1} ({r.Speed.CpuMedian:F1}) |");
        }

        Line();
        End(title);
    }

    public void Memory(IReadOnlyList<Result> results)
    {
        const string title = "One file of growing size";
        Line($"## {title}");
        Line();
        Line("The plan of W1 over one file, so two passes each. What a run needs does not grow with its file.");
        Line();
        Line("| file | peak memory | wall s | CPU s | MB per CPU s |");
        Line("| ---: | ---: | ---: | ---: | ---: |");
        foreach (var r in results)
        {
            Line(CultureInfo.InvariantCulture,
                $"| {r.InputBytes / 1e6:F0} MB | {r.PeakBytes / 1e6:F0} MB | {r.WallSeconds:F2} | {r.CpuSeconds:F2} | {r.MegabytesPerCpuSecond:F1} |");
        }

        Line();
        End(title);
    }

    /// <summary>The curves, whose pictures lie in <paramref name="folder"/> beside the page.</summary>
    public void Curves(IReadOnlyList<Curve> curves, string folder)
    {
        const string title = "How cost grows";
        Line($"## {title}");
        Line();
        Line("One thing grows and the others stay as they are. All points of a curve are measured in turn.");
        foreach (var curve in curves)
        {
            Line();
            Line(CultureInfo.InvariantCulture, $"### {curve.Title}");
            Line();
            Line(curve.What);
            Line();
            Line($"![{curve.Title}: seconds and memory]({folder}/{curve.Name}.svg)");
            Line();
            Line($"| {curve.Axis} | input | wall s | CPU s | peak memory | others |");
            Line("| ---: | ---: | ---: | ---: | ---: | ---: |");
            foreach (var (amount, r) in curve.Points)
            {
                Line(CultureInfo.InvariantCulture,
                    $"| {amount:0.##} | {r.InputBytes / 1e6:F0} MB | {r.WallSeconds:F2} | {r.CpuSeconds:F2} | {r.PeakBytes / 1e6:F0} MB | {r.ForeignCores:F2} |");
            }
        }

        Line();
        End(title);
    }

    private string Head() => string.Create(CultureInfo.InvariantCulture, $"""
        # Benchmarks

        `bench/run.sh` made this page, all of it or part by part. The job of W1, W5 and of growing files is the article's
        Example 2, `samples/article-example-2.yaml`: drop empty rows, normalise the header, drop what is missing or above 500, divide by the largest
        survivor of the file.

        - **Machine:** {machine}.
        - **Versions:** {versions}.
        - **Method:** all contenders in turn, Miller and the article's Example 3 once, a fresh output folder for each run; medians, and the
          highest memory. CPU is user and system time of the process and its children; memory is that of the whole process
          tree, shared pages counted once, looked at every 100 ms. Start-up is part of every figure. The input lies in the page
          cache. "Others" are the cores that the rest of the machine kept busy meanwhile, at worst. Rates drift between hours on
          shared machines: compare ratios and CPU seconds. Ours is published with ReadyToRun; *self-contained* is the same command with the runtime
          in its folder, compiled with it as one.
        - **Same job?** Before W1, W5 and W2 count, our rows are compared one by one with those of the article or of CsvHelper 34: the same rows, the same
          numbers within 1e-12.


        """);

    private void End(string title)
    {
        Line(CultureInfo.InvariantCulture, $"*Measured {DateTime.UtcNow:yyyy-MM-dd} with {commit}, {rounds} round(s).*");
        Line();
        _parts.Add((title, _page.ToString()));
        _page.Clear();
    }

    private static string TitleOf(string part) => part.Split('\n')[0]["## ".Length..].Trim();

    private void Line(string text = "") => _page.Append(text).Append('\n');

    private void Line(CultureInfo culture, FormattableString text) => _page.Append(text.ToString(culture)).Append('\n');

    [GeneratedRegex("^(?=## )", RegexOptions.Multiline, 1000)]
    private static partial Regex Titles();
}
