#:project ../../src/Execution/Execution.csproj
#:property PublishAot=false
#:property TieredPGO=false
#:property AssemblyName=ArrayInMemory

// W3 in memory: the article's Example 4 on 1 GB of doubles in this process. bench/arrays/run.sh starts it beside the peers.
using System.Diagnostics;
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Execution.Arrays;

const int elements = 125_000_000;
const int rounds = 7;
var values = GC.AllocateUninitializedArray<double>(elements);
for (var i = 0; i < values.Length; i++)
{
    values[i] = i;
}

Measure("scale x2", "scale: 2", 1, statistics: false);
Measure("scale x2", "scale: 2", 2, statistics: false);
Measure("scale, offset, clip", "scale: 2\n  - offset: 1\n  - clip: {min: 0, max: 1e300}", 2, statistics: false);
Measure("scale x2 with statistics", "scale: 0.5", 2, statistics: true);

void Measure(string name, string steps, int workers, bool statistics)
{
    var spec = ArraySpecLoader.Load($"array: 1\nsteps:\n  - {steps}\n", "bench");
    using var self = Process.GetCurrentProcess();
    var (wall, cpu) = (new List<double>(), new List<double>());
    for (var round = -1; round < rounds; round++)
    {
        self.Refresh();
        var before = self.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        ArrayTransform.Apply<double>(values, spec, workers, statistics);
        watch.Stop();
        self.Refresh();
        if (round >= 0)
        {
            wall.Add(watch.Elapsed.TotalSeconds);
            cpu.Add((self.TotalProcessorTime - before).TotalSeconds);
        }
    }

    wall.Sort();
    cpu.Sort();
    Console.WriteLine(FormattableString.Invariant(
        $"ours, {name}, {workers} worker(s): wall best {1 / wall[0]:F2} median {1 / wall[rounds / 2]:F2} GB/s, cpu best {1 / cpu[0]:F2} median {1 / cpu[rounds / 2]:F2} GB/cpu-s"));
}
