using System.Globalization;
using System.Text;
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Cli.Output;
using OrleansClean.Execution.Arrays;

namespace OrleansClean.Cli.Arrays;

/// <summary>What became of an array, for a person.</summary>
internal static class ArrayText
{
    /// <summary>The report's lines. <paramref name="where"/> says who worked, if it was not this process.</summary>
    public static string Of(ArrayReport report, string? where = null)
    {
        var text = new StringBuilder();
        var shape = report.Shape.Length == 1 ? $"({Amounts.Count(report.Shape[0])},)" : $"({string.Join(", ", report.Shape.Select(Amounts.Count))})";
        var target = report.InPlace ? "in place" : $"->  {Visible.Path(report.Output)}";
        text.Append(CultureInfo.InvariantCulture, $"{Visible.Path(report.Input)}   {report.Element} {shape}   {Amounts.Bytes(report.BytesIn)}   {target}   {where ?? Amounts.Of(report.Workers, "worker")}\n\n");
        if (report.Status is "unchanged")
        {
            text.Append(report.InPlace
                ? "  unchanged: the array is the result of this spec already; --force applies it once more\n\n"
                : "  unchanged: the output is what this spec makes of this array; --force makes it again\n\n");
        }

        if (report.RangesDoneBefore > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"  continued: {Amounts.Of(report.RangesDoneBefore, "range")} were done before\n\n");
        }

        text.Append("  steps  ").Append(string.Join(" · ", report.Steps)).Append('\n');
        if (report.Element != report.Result)
        {
            text.Append("  result ").Append(report.Result).Append('\n');
        }

        if (report is { Before: { } before, After: { } after })
        {
            Figures(text.Append('\n'), before, after);
        }

        return text.ToString();
    }

    private static void Figures(StringBuilder text, ArrayStatistics before, ArrayStatistics after)
    {
        (string Name, string Before, string After)[] rows =
        [
            ("", "before", "after"),
            ("count", Amounts.Count(before.Count), Amounts.Count(after.Count)),
            ("nan", Amounts.CountOrDot(before.Nan), Amounts.CountOrDot(after.Nan)),
            ("infinite", Amounts.CountOrDot(before.Infinite), Amounts.CountOrDot(after.Infinite)),
            ("min", Number(before.Min), Number(after.Min)),
            ("max", Number(before.Max), Number(after.Max)),
            ("mean", Number(before.Mean), Number(after.Mean)),
            ("std", Number(before.Std), Number(after.Std)),
        ];
        var widths = (rows.Max(r => r.Before.Length), rows.Max(r => r.After.Length));
        foreach (var (name, left, right) in rows)
        {
            text.Append("  ").Append(name.PadRight(9)).Append(left.PadLeft(widths.Item1)).Append("   ").Append(right.PadLeft(widths.Item2)).Append('\n');
        }
    }

    private static string Number(ArrayNumber? number) => number is { } n ? n.ToString() : "·";

    private static string Number(double? number) => number is { } n ? new ArrayNumber(n).ToString() : "·";
}
