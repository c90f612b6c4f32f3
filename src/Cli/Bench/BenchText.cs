using OrleansClean.Cli.Output;
using Spectre.Console;

namespace OrleansClean.Cli.Bench;

/// <summary>What a bench measured, as a table.</summary>
internal static class BenchText
{
    /// <summary>Writes <paramref name="result"/>.</summary>
    public static void Write(Terminal terminal, BenchResult result)
    {
        terminal.Line(
            $"{Visible.Path(result.Plan)}   {Amounts.Of(result.Files, "file")}   {Amounts.Bytes(result.Bytes)}   " +
            $"{Amounts.Of(result.Cpus, "CPU")}   best of {Amounts.Count(result.Repeats)}\n");
        var table = new Table().Border(TableBorder.None);
        string[] titles = ["workers", "seconds", "MB/s", "rows/s", "speed-up", "efficiency", "CPU seconds", "MB per CPU second"];
        foreach (var title in titles)
        {
            table.AddColumn(new TableColumn(new Text(title)).RightAligned().PadRight(3));
        }

        var one = result.Runs[0];
        foreach (var run in result.Runs)
        {
            var speedUp = one.WallSeconds / Math.Max(run.WallSeconds, 1e-9);
            table.AddRow(
                Amounts.Count(run.Workers),
                Amounts.Ratio(run.WallSeconds),
                Amounts.Tenth(run.Bytes / 1e6 / Math.Max(run.WallSeconds, 1e-9)),
                Amounts.Count((long)(run.Rows / Math.Max(run.WallSeconds, 1e-9))),
                Amounts.Ratio(speedUp),
                Amounts.Percent(speedUp / run.Workers),
                Amounts.Ratio(run.CpuSeconds),
                Amounts.Tenth(run.Bytes / 1e6 / Math.Max(run.CpuSeconds, 1e-9)));
        }

        terminal.Write(table);
        terminal.Line($"\nlimited by {result.Limit}");
    }
}
