using OrleansClean.Cli.Output;

namespace OrleansClean.Cli.Bench;

/// <summary>Says what keeps more workers from being faster, from what was measured and nothing else.</summary>
internal static class BenchLimit
{
    private const double BusyEnough = 0.85;

    /// <summary>One sentence.</summary>
    public static string Of(BenchResult result)
    {
        var last = result.Runs[^1];
        var slots = Math.Min(last.Workers, result.Cpus);
        if (result.Files < slots)
        {
            return $"too few files: {Amounts.Of(result.Files, "file")} for {Amounts.Of(last.Workers, "worker")}; a file is cleaned by one worker";
        }

        var largest = (double)result.LargestFileBytes / Math.Max(1, result.Bytes);
        if (largest * slots > 1.1)
        {
            return $"the largest file: it holds {Amounts.Percent(largest)} of the bytes, and a file is cleaned by one worker";
        }

        var busy = last.CpuSeconds / Math.Max(1e-9, last.WallSeconds * slots);
        return busy >= BusyEnough
            ? $"CPU: {Amounts.Of(slots, "processor")} {(slots == 1 ? "is" : "are")} {Amounts.Percent(Math.Min(busy, 1))} busy"
            : $"disk, or waiting for it: {Amounts.Of(slots, "processor")} {(slots == 1 ? "is" : "are")} only {Amounts.Percent(busy)} busy";
    }
}
