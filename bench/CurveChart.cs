using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace OrleansClean.Bench;

/// <summary>Draws a curve: seconds on the left, memory on the right, both from zero.</summary>
internal static class CurveChart
{
    private const string MemoryAxis = "memory";

    /// <summary>The picture as an SVG document.</summary>
    public static string Draw(Curve curve)
    {
        var model = new PlotModel { DefaultFont = "Arial, Helvetica, sans-serif", Background = OxyColors.White };
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.TopLeft });
        model.Axes.Add(Axis(AxisPosition.Bottom, curve.Axis, curve.Points.Max(point => point.Amount)));
        model.Axes.Add(Axis(AxisPosition.Left, "seconds", curve.Points.Max(point => Math.Max(point.Result.WallSeconds, point.Result.CpuSeconds))));
        var memory = Axis(AxisPosition.Right, "MB of memory", curve.Points.Max(point => point.Result.PeakBytes / 1e6));
        memory.Key = MemoryAxis;
        memory.MajorGridlineStyle = LineStyle.None;
        model.Axes.Add(memory);
        model.Series.Add(Line(curve, "CPU", OxyColors.SteelBlue, point => point.Result.CpuSeconds));
        model.Series.Add(Line(curve, "wall", OxyColors.DarkOrange, point => point.Result.WallSeconds));
        var peak = Line(curve, "memory", OxyColors.Gray, point => point.Result.PeakBytes / 1e6);
        peak.YAxisKey = MemoryAxis;
        peak.LineStyle = LineStyle.Dash;
        model.Series.Add(peak);

        // Not every program that shows pictures knows where SVG puts the middle of a text.
        return new SvgExporter { Width = 640, Height = 360, IsDocument = true, UseVerticalTextAlignmentWorkaround = true }.ExportToString(model);
    }

    private static LinearAxis Axis(AxisPosition position, string title, double max) => new()
    {
        Position = position,
        Title = title,
        Minimum = 0,

        // Room for the legend above the lines.
        Maximum = position == AxisPosition.Bottom ? max * 1.02 : max * 1.3,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = OxyColors.Gainsboro,
    };

    private static LineSeries Line(Curve curve, string title, OxyColor color, Func<CurvePoint, double> figure)
    {
        var line = new LineSeries { Title = title, Color = color, MarkerType = MarkerType.Circle, MarkerFill = color };
        line.Points.AddRange(curve.Points.Select(point => new DataPoint(point.Amount, figure(point))));
        return line;
    }
}
