using System.Globalization;

namespace OrleansClean.Bench;

/// <summary>One point of a curve: how much of what grows, and what that cost.</summary>
internal sealed record CurvePoint(double Amount, Result Result);

/// <summary>What a job costs while one thing grows and everything else stays as it is.</summary>
/// <param name="Name">The picture's file name.</param>
/// <param name="Title">Over the picture.</param>
/// <param name="Axis">What grows.</param>
/// <param name="What">In a sentence: what stays as it is.</param>
/// <param name="Points">In the order of growth.</param>
internal sealed record Curve(string Name, string Title, string Axis, string What, IReadOnlyList<CurvePoint> Points);

/// <summary>Measures the curves: all points of one in turn, so that a machine that drifts bends none of them.</summary>
internal sealed class Curves(Places places, int rounds)
{
    private const int RowsOfWideFiles = 100_000;

    public IReadOnlyList<Curve> Run() => [Files(), Rows(), Columns(), Workers()];

    private Curve Files() => Measure(
        "files",
        "Files",
        "files of 100 rows",
        "The plan of W1 with two workers over the first files of W5. What is left at no file is the start of the command.",
        ((string Names, int Count)[])[("file_0000?", 10), ("file_00{0,1,2,3,4}??", 500), ("file_00*", 1000), ("file_0{0,1}*", 2000), ("file_0{0,1,2}*", 3000), ("*", 5000)],
        point => (point.Count, places.Data("w5"), new DirectoryInfo(places.Data("w5")).EnumerateFiles("*.csv").OrderBy(file => file.Name, StringComparer.Ordinal).Take(point.Count).Sum(file => file.Length)),
        (point, from, to) => Ours(places.Plan, Path.Combine(from, point.Names + ".csv"), to, workers: 2));

    private Curve Rows() => Measure(
        "rows",
        "Rows",
        "million rows of one file",
        "The plan of W2 with two workers over one file.",
        [10, 50, 100, 250, 500, 1000],
        size => (RowsOf(size) / 1e6, places.Data(FormattableString.Invariant($"size-{size}")), SizeOf(size)),
        (_, from, to) => Ours(places.StreamPlan, Path.Combine(from, Places.OneFile), to, workers: 2));

    private Curve Columns() => Measure(
        "columns",
        "Columns",
        "columns",
        string.Create(CultureInfo.InvariantCulture, $"{RowsOfWideFiles:N0} rows of one file, every cell trimmed, with two workers."),
        [4, 32, 64, 128, 192, 256],
        columns =>
        {
            var file = WideFile.Write(places.Data("wide"), columns, RowsOfWideFiles);
            return (columns, file, new FileInfo(file).Length);
        },
        (_, from, to) => Ours(Path.Combine(places.Root, "bench", "every-cell.yaml"), from, to, workers: 2));

    private Curve Workers() => Measure(
        "workers",
        "Workers",
        "workers",
        string.Create(CultureInfo.InvariantCulture, $"The plan of W1 over 50 files of 50,000 rows, on {Environment.ProcessorCount} cores."),
        [1, 2, 3, 4],
        workers => (workers, places.Data("w1s"), new Race(places, places.Data("w1s")).InputBytes),
        (workers, from, to) => Ours(places.Plan, Path.Combine(from, "*.csv"), to, workers));

    private Curve Measure<T>(
        string name, string title, string axis, string what, IReadOnlyList<T> points, Func<T, (double Amount, string Input, long Bytes)> prepare, Func<T, string, string, Command> command)
    {
        Console.WriteLine(title);
        var prepared = points.Select(point => (Point: point, Prepared: prepare(point), Runs: new List<Measurement>())).ToList();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (point, (amount, input, _), runs) in prepared)
            {
                var output = Path.Combine(places.Outputs, $"curve-{round}");
                Directory.CreateDirectory(places.Outputs);
                var run = Measurement.Of(command(point, input, output));
                runs.Add(run);
                Console.WriteLine($"  {amount,10:F2} {axis,-28} {run.WallSeconds,8:F2} s wall {run.CpuSeconds,8:F2} s CPU {run.PeakBytes >> 20,6} MB  others {run.ForeignCores:F2} cores");
                Directory.Delete(output, recursive: true);
            }
        }

        return new Curve(name, title, axis, what, [.. prepared.Select(p => new CurvePoint(p.Prepared.Amount, new Result(title, p.Prepared.Bytes, p.Runs)))]);
    }

    private Command Ours(string plan, string input, string output, int workers) => new(
        places.OrleansClean,
        ["run", plan, input, "--out", output, "--workers", workers.ToString(CultureInfo.InvariantCulture), "--progress", "none"],
        places.Home,
        new Dictionary<string, string>(StringComparer.Ordinal));

    private long SizeOf(int size) => new FileInfo(FileOf(size)).Length;

    private string FileOf(int size) => Path.Combine(places.Data(FormattableString.Invariant($"size-{size}")), Places.OneFile);

    /// <summary>Rows of a generated file: the generator numbers them, and skips the number of a blank line.</summary>
    private long RowsOf(int size)
    {
        using var file = File.OpenRead(FileOf(size));
        file.Seek(-Math.Min(file.Length, 4096), SeekOrigin.End);
        using var reader = new StreamReader(file);
        var numbers = reader.ReadToEnd().Split('\n').Select(line => long.TryParse(line.Split(',')[0], CultureInfo.InvariantCulture, out var number) ? number : 0);
        return numbers.Max();
    }
}
