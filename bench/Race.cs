namespace OrleansClean.Bench;

/// <summary>All contenders on one workload, in turn: A B C, A B C, … so that a machine that drifts drifts for all.</summary>
internal sealed class Race(Places places, string input)
{
    /// <summary>Bytes of the workload.</summary>
    public long InputBytes { get; } = new DirectoryInfo(input).EnumerateFiles("*.csv").Sum(file => file.Length);

    /// <summary>Files of the workload.</summary>
    public int Files { get; } = Directory.GetFiles(input, "*.csv").Length;

    /// <summary>Runs every contender <paramref name="rounds"/> times, each into a folder that did not exist before.</summary>
    public IReadOnlyList<Result> Run(IReadOnlyList<Contender> contenders, int rounds)
    {
        ReadOnce();
        var runs = contenders.ToDictionary(c => c, _ => new List<Measurement>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contender in contenders.Where(c => round < c.Rounds))
            {
                var output = Path.Combine(places.Outputs, $"{contenders.ToList().IndexOf(contender)}-{round}");
                Directory.CreateDirectory(contender.NeedsFolder ? output : places.Outputs);
                var run = Measurement.Of(contender.Command(input, output));
                runs[contender].Add(run);
                Console.WriteLine($"  {contender.Name,-32} {run.WallSeconds,8:F2} s wall {run.CpuSeconds,8:F2} s CPU {run.PeakBytes >> 20,6} MB  others {run.ForeignCores:F2} cores");
                Directory.Delete(output, recursive: true);
            }
        }

        return [.. contenders.Select(c => new Result(c.Name, InputBytes, runs[c]))];
    }

    /// <summary>Nobody is the first to need the input from the disk.</summary>
    private void ReadOnce()
    {
        foreach (var file in Directory.EnumerateFiles(input, "*.csv"))
        {
            using var content = File.OpenRead(file);
            content.CopyTo(Stream.Null, 1 << 20);
        }
    }
}

/// <summary>A contender's runs on one workload; figures are medians, memory the highest.</summary>
internal sealed record Result(string Name, long InputBytes, IReadOnlyList<Measurement> Runs)
{
    public double WallSeconds => Runs.Select(r => r.WallSeconds).Median();

    public double CpuSeconds => Runs.Select(r => r.CpuSeconds).Median();

    public double MegabytesPerCpuSecond => InputBytes / 1e6 / CpuSeconds;

    public double MegabytesPerSecond => InputBytes / 1e6 / WallSeconds;

    public long PeakBytes => Runs.Max(r => r.PeakBytes);

    public double ForeignCores => Runs.Max(r => r.ForeignCores);
}
