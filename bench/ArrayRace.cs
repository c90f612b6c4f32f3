using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansClean.Bench;

/// <summary>What one run of one program says of itself: GB per second of the clock and of the processors.</summary>
internal sealed record ArraySpeed(double WallBest, double WallMedian, double CpuBest, double CpuMedian);

/// <summary>One way to scale an array, on so many threads or processes: the best of all runs, and the median of their medians.</summary>
internal sealed record ArrayResult(string Name, int Threads, ArraySpeed Speed);

/// <summary>
/// W3: the article's Example 4, 1 GB of doubles times two in memory: the loop in C, numpy, processes that share memory, and ours. Each program
/// repeats it several times; the programs run in turn.
/// </summary>
internal sealed partial class ArrayRace(Places places, int rounds)
{
    /// <summary>Ours.</summary>
    public const string Ours = "**`ArrayTransform.Apply`**";

    /// <summary>The article's way.</summary>
    public const string Article = "numpy in `shared_memory`, two processes, the article";

    /// <summary>The yardstick.</summary>
    public const string Loop = "a C loop, `gcc -O3 -march=native`, pages of 4 KB";

    private readonly List<(string Name, int Threads, ArraySpeed Speed)> _said = [];

    /// <summary>Runs every program.</summary>
    public IReadOnlyList<ArrayResult> Run()
    {
        for (var round = 0; round < rounds; round++)
        {
            Hear(Loop, 1, Summary("C, scale x2, 4K pages, 1 thread", Scale(1)));
            Hear(Loop, 2, Summary("C, scale x2, 4K pages, 2 thread", Scale(2)));
            var ours = Output("dotnet", Path.Combine(places.Arrays, "in-memory", "ArrayInMemory.dll"));
            Hear(Ours, 1, Summary("ours, scale x2, 1 worker", ours));
            Hear(Ours, 2, Summary("ours, scale x2, 2 worker", ours));
            var peers = Output("/usr/bin/python3", Path.Combine(places.Peers, "scripts", "w3_shm.py"), Path.Combine(places.Arrays, "f64.npy"), "2", "5");
            Hear("numpy in place", 1, Repetitions("numpy in place", peers));
            Hear(Article, 2, Repetitions("shm 2 procs", peers));
        }

        return
        [
            .. _said.GroupBy(one => (one.Name, one.Threads)).Select(way => new ArrayResult(way.Key.Name, way.Key.Threads, new ArraySpeed(
                way.Max(one => one.Speed.WallBest),
                way.Select(one => one.Speed.WallMedian).Median(),
                way.Max(one => one.Speed.CpuBest),
                way.Select(one => one.Speed.CpuMedian).Median()))),
        ];
    }

    private void Hear(string name, int threads, ArraySpeed speed)
    {
        _said.Add((name, threads, speed));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {name,-55} {threads} {speed.WallBest,6:F2} ({speed.WallMedian:F2}) GB/s {speed.CpuBest,6:F2} ({speed.CpuMedian:F2}) GB per CPU s"));
    }

    /// <summary>A line with best and median.</summary>
    private static ArraySpeed Summary(string beginning, string output)
    {
        var numbers = Numbers().Matches(Lines(beginning, output)[0].Split("wall best")[1]);
        return new ArraySpeed(Number(numbers[0]), Number(numbers[1]), Number(numbers[2]), Number(numbers[3]));
    }

    /// <summary>A line for each repetition, GB/s of the clock and of the processors last.</summary>
    private static ArraySpeed Repetitions(string beginning, string output)
    {
        var runs = Lines(beginning, output).Select(line => Numbers().Matches(line)).Select(numbers => (Wall: Number(numbers[^2]), Cpu: Number(numbers[^1]))).ToList();
        return new ArraySpeed(runs.Max(run => run.Wall), runs.Select(run => run.Wall).Median(), runs.Max(run => run.Cpu), runs.Select(run => run.Cpu).Median());
    }

    private static string[] Lines(string beginning, string output) =>
        [.. output.Split('\n').Where(line => line.StartsWith(beginning, StringComparison.Ordinal)).DefaultIfEmpty().Select(line => line ?? throw new InvalidOperationException($"No '{beginning}' in:\n{output}"))];

    private string Scale(int threads) => Output(Path.Combine(places.Arrays, "scale"), threads.ToString(CultureInfo.InvariantCulture));

    private string Output(string program, params string[] arguments)
    {
        var command = new Command(program, arguments, places.Home, new Dictionary<string, string>(StringComparer.Ordinal));
        using var process = Measurement.Start(command);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{command} failed:\n{output}{errors.Result}");
    }

    private static double Number(Match match) => double.Parse(match.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\d+\.\d+", RegexOptions.None, 1000)]
    private static partial Regex Numbers();
}
