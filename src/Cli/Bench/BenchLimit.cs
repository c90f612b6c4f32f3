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

        // A large file that was cut into ranges was cleaned by all workers: it holds nobody up.
        var isWhole = result.LargestFileRanges == 0;
        if (isWhole && result.Files < slots)
        {
            return $"too few files: {Amounts.Of(result.Files, "file")} for {Amounts.Of(last.Workers, "worker")}, each cleaned by one of them";
        }

        var largest = (double)result.LargestFileBytes / Math.Max(1, result.Bytes);
        if (isWhole && largest * slots > 1.1)
        {
            return $"the largest file: it holds {Amounts.Percent(largest)} of the bytes, and one worker cleaned it";
        }

        var busy = last.CpuSeconds / Math.Max(1e-9, last.WallSeconds * slots);
        return busy >= BusyEnough
            ? $"CPU: {Amounts.Of(slots, "processor")} {(slots == 1 ? "is" : "are")} {Amounts.Percent(Math.Min(busy, 1))} busy"
            : $"disk, or waiting for it: {Amounts.Of(slots, "processor")} {(slots == 1 ? "is" : "are")} only {Amounts.Percent(busy)} busy";
    }
}
