using System.Diagnostics;
using OrleansClean.Execution.Reports;

namespace OrleansClean.Execution.Running;

/// <summary>What a run costs, measured from its beginning.</summary>
internal sealed class BatchClock(TimeProvider time)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TimeSpan _cpu = Cpu();

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public BatchCost Cost(long storageOperations)
    {
        using var self = Process.GetCurrentProcess();
        return new BatchCost(
            Math.Round((Cpu() - _cpu).TotalSeconds, 3),
            Math.Round(Stopwatch.GetElapsedTime(_started).TotalSeconds, 3),
            self.PeakWorkingSet64,
            storageOperations);
    }

    private static TimeSpan Cpu()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }
}
