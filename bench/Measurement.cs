using System.Diagnostics;
using System.Globalization;

namespace OrleansClean.Bench;

/// <summary>What one run of one command cost.</summary>
/// <param name="WallSeconds">From start to end.</param>
/// <param name="CpuSeconds">User and system time of the process and all of its children that it waited for.</param>
/// <param name="PeakBytes">Peak memory of the process and its children together: shared pages count once (PSS, sampled).</param>
/// <param name="ForeignCores">Cores that everything else on the machine kept busy meanwhile: near 0 on a quiet machine.</param>
internal sealed record Measurement(double WallSeconds, double CpuSeconds, long PeakBytes, double ForeignCores)
{
    private const int SampleMillis = 100;

    /// <summary>Runs <paramref name="command"/> to its end. Throws if it fails: a failed run is no measurement.</summary>
    public static Measurement Of(Command command)
    {
        // What earlier runs left to be written is not this run's cost.
        Machine.Sync();
        var (busyBefore, cpuBefore) = (Machine.BusySeconds(), Machine.ChildrenCpuSeconds());
        var watch = Stopwatch.StartNew();
        using var process = Start(command);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var peak = 0L;
        while (!process.WaitForExit(SampleMillis))
        {
            peak = Math.Max(peak, ProcessTree.MemoryBytes(process.Id));
        }

        var wall = watch.Elapsed.TotalSeconds;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{command} ended with exit code {process.ExitCode.ToString(CultureInfo.InvariantCulture)}:\n{output.Result}{errors.Result}");
        }

        var cpu = Machine.ChildrenCpuSeconds() - cpuBefore;
        return new Measurement(wall, cpu, peak, Math.Max(0, (Machine.BusySeconds() - busyBefore - cpu) / wall));
    }

    /// <summary>Starts a command whose output the caller reads.</summary>
    public static Process Start(Command command)
    {
        var start = new ProcessStartInfo(command.Program, command.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = command.Folder,
        };
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}

/// <summary>A program to run.</summary>
internal sealed record Command(string Program, string[] Arguments, string Folder, IReadOnlyDictionary<string, string> Environment)
{
    public override string ToString() => $"{Program} {string.Join(' ', Arguments)}";
}
