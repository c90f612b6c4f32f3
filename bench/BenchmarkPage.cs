using System.Globalization;
using System.Text;

namespace OrleansClean.Bench;

/// <summary>Writes <c>docs/benchmarks.md</c>: only from what has just been measured.</summary>
internal sealed class BenchmarkPage(string machine, string versions, int rounds)
{
    private readonly StringBuilder _page = new();

    /// <summary>The page.</summary>
    public override string ToString() => _page.ToString();

    public void Begin(string sameJob)
    {
        Line("# Benchmarks");
        Line();
        Line("`bench/run.sh` made this page in one run; nothing in it is written by hand. The job is the article's Example 2,");
        Line("`samples/article-example-2.yaml`: drop empty rows, normalise the header, drop what is missing or above 500, divide by");
        Line("the largest survivor of the file.");
        Line();
        Line(CultureInfo.InvariantCulture, $"- **Machine:** {machine}.");
        Line(CultureInfo.InvariantCulture, $"- **Versions:** {versions}.");
        Line(CultureInfo.InvariantCulture, $"- **Method:** all contenders in turn, {rounds} round(s), Miller one, a fresh output folder for each run; medians, and the");
        Line("  highest memory. CPU is user and system time of the process and its children; memory is that of the whole process");
        Line("  tree, shared pages counted once, looked at every 100 ms. Start-up is part of every figure. The input lies in the page");
        Line("  cache. \"Others\" are the cores that the rest of the machine kept busy meanwhile, at worst. Rates drift between hours on");
        Line("  shared machines: compare ratios and CPU seconds. Ours is published with ReadyToRun.");
        Line(CultureInfo.InvariantCulture, $"- **Same job?** {sameJob}");
        Line();
    }

    public void Table(string title, string shape, IReadOnlyList<Result> results, string articleName = Contender.Article)
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
    }

    public void Maps(IReadOnlyList<MapResult> results)
    {
        Line("## W4: one function, many inputs");
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
    }

    public void MemoryOfStreams(IReadOnlyList<Result> results)
    {
        Line("What it takes does not grow with the file:");
        Line();
        Line("| file | | peak memory | wall s | CPU s | MB per CPU s |");
        Line("| ---: | --- | ---: | ---: | ---: | ---: |");
        foreach (var r in results)
        {
            Line(CultureInfo.InvariantCulture,
                $"| {r.InputBytes / 1e6:F0} MB | {r.Name} | {r.PeakBytes / 1e6:F0} MB | {r.WallSeconds:F2} | {r.CpuSeconds:F2} | {r.MegabytesPerCpuSecond:F1} |");
        }

        Line();
    }

    public void Memory(IReadOnlyList<Result> results)
    {
        Line("## One file of growing size");
        Line();
        Line("The same plan over one file, so two passes each. What a run needs does not grow with its file.");
        Line();
        Line("| file | peak memory | wall s | CPU s | MB per CPU s |");
        Line("| ---: | ---: | ---: | ---: | ---: |");
        foreach (var r in results)
        {
            Line(CultureInfo.InvariantCulture,
                $"| {r.InputBytes / 1e6:F0} MB | {r.PeakBytes / 1e6:F0} MB | {r.WallSeconds:F2} | {r.CpuSeconds:F2} | {r.MegabytesPerCpuSecond:F1} |");
        }

        Line();
    }

    private void Line(string text = "") => _page.Append(text).Append('\n');

    private void Line(CultureInfo culture, FormattableString text) => _page.Append(text.ToString(culture)).Append('\n');
}
