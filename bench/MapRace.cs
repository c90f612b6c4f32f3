using System.Diagnostics;
using System.Globalization;
using OrleansClean.Execution.Mapping;

namespace OrleansClean.Bench;

/// <summary>W4: one function, many inputs. A pool's map beside ours: as a library, as a command with its output, and with a user's function.</summary>
internal sealed class MapRace(Places places, int rounds)
{
    private const int TinyInputs = 200_000;
    private const int HeavyInputs = 2_000;
    private const int Workers = 2;

    /// <summary>Runs every pair in turn.</summary>
    public IReadOnlyList<MapResult> Run()
    {
        var inputs = WriteInputs();
        SameOutput("square", inputs, Ours("square", inputs));
        SameOutput("digits", inputs, OursInProcesses("digits", inputs));
        int[] numbers = [.. Enumerable.Range(0, TinyInputs)];
        var tiny = new Func<Task>(() => ParallelMap.RunAsync(numbers, x => (long)x * x, new MapOptions { Workers = Workers }));
        var heavy = new Func<Task>(() => ParallelMap.RunAsync(numbers[..HeavyInputs], Heavy, new MapOptions { Workers = Workers }));
        return
        [
            Pair("`Pool.map`, 200,000 squares", "`ParallelMap.RunAsync`, warm", () => Inside("tiny200k"), () => Warm(tiny, runs: 50)),
            Pair("`Pool.map`, 2,000 × the article's `heavy_compute`", "`ParallelMap.RunAsync`, warm", () => Inside("heavy2000"), () => Warm(heavy, runs: 3)),
            Pair("a script around `Pool.map`, 200,000 lines to JSON Lines", "`orleansclean map square`", () => Wall(Pool("square", inputs)), () => Wall(Ours("square", inputs))),
            Pair("the same for a user's function", "`orleansclean map digits --library`", () => Wall(Pool("digits", inputs)), () => Wall(OursInProcesses("digits", inputs))),
        ];
    }

    private MapResult Pair(string theirs, string ours, Func<double> runTheirs, Func<double> runOurs)
    {
        var (their, our) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            their.Add(runTheirs());
            our.Add(runOurs());
        }

        var result = new MapResult(theirs, ours, their.Median(), our.Median());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {theirs}: {result.TheirSeconds * 1e3:F1} ms   {ours}: {result.OurSeconds * 1e3:F2} ms   {result.Ratio:F1} x"));
        return result;
    }

    private string WriteInputs()
    {
        Directory.CreateDirectory(places.Outputs);
        var path = Path.Combine(places.Outputs, "numbers.txt");
        File.WriteAllLines(path, Enumerable.Range(0, TinyInputs).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        return path;
    }

    /// <summary>What the article's script says of itself: the pool's start is part of it, Python's is not.</summary>
    private double Inside(string mode)
    {
        var said = Output(Python(Path.Combine(places.Peers, "scripts", "ex1_pool.py"), mode)).Split(' ')[1];
        return double.Parse(said.TrimEnd('s'), CultureInfo.InvariantCulture);
    }

    private static double Warm(Func<Task> map, int runs)
    {
        // Compiled, and compiled again with what was seen, before anything is counted.
        for (var i = 0; i < runs; i++)
        {
            map().GetAwaiter().GetResult();
        }

        return Enumerable.Range(0, runs).Select(_ =>
        {
            var started = Stopwatch.GetTimestamp();
            map().GetAwaiter().GetResult();
            return Stopwatch.GetElapsedTime(started).TotalSeconds;
        }).Median();
    }

    private static double Heavy(int x)
    {
        var sum = 0.0;
        for (var i = 0; i < 10_000; i++)
        {
            sum += Math.Sqrt(i + x);
        }

        return sum;
    }

    private static double Wall(Command command)
    {
        var started = Stopwatch.GetTimestamp();
        _ = Output(command);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private void SameOutput(string function, string inputs, Command ours)
    {
        if (Output(Pool(function, inputs)) != Output(ours))
        {
            throw new InvalidOperationException($"Ours and the pool's results of {function} differ, so their times say nothing.");
        }
    }

    private Command Pool(string function, string inputs) =>
        Python(Path.Combine(places.Root, "bench", "pool_lines.py"), function, inputs, Workers.ToString(CultureInfo.InvariantCulture));

    private Command Ours(string function, string inputs, params string[] more) => new(
        places.OrleansClean,
        ["map", function, "--inputs", inputs, "-j", Workers.ToString(CultureInfo.InvariantCulture), "--progress", "none", "-q", .. more],
        places.Home,
        new Dictionary<string, string>(StringComparer.Ordinal));

    private Command OursInProcesses(string function, string inputs) =>
        Ours(function, inputs, "--library", Path.Combine(places.Home, "map-function", "MapFunction.dll"));

    private Command Python(params string[] arguments) =>
        new("/usr/bin/python3", arguments, places.Home, new Dictionary<string, string>(StringComparer.Ordinal));

    private static string Output(Command command)
    {
        using var process = Measurement.Start(command);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{command} ended with exit code {process.ExitCode.ToString(CultureInfo.InvariantCulture)}:\n{errors.Result}");
    }
}

/// <summary>A pair: medians of what both took.</summary>
internal sealed record MapResult(string Theirs, string Ours, double TheirSeconds, double OurSeconds)
{
    public double Ratio => TheirSeconds / OurSeconds;
}
