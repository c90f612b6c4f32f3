using System.Globalization;

namespace OrleansClean.Execution.Running;

/// <summary>How many files are cleaned side by side.</summary>
internal static class WorkerCount
{
    /// <summary>Workers of one process.</summary>
    public const int WorkersMax = 1_024;

    /// <summary>
    /// What a worker is counted with: the buffers of reading, decoding and writing, 8 MiB with a row of 1 MiB in them,
    /// and 16 MiB that one row's formulas may make. <c>dedupe</c> and <c>median</c> keep keys besides, under their own limit.
    /// </summary>
    public const long BytesPerWorker = 24 << 20;

    /// <summary>What the process needs without any worker.</summary>
    public const long BytesOfProcess = 64 << 20;

    /// <summary>
    /// The number asked for, or of the processors that this process may use (.NET counts affinity and cgroup limits in);
    /// fewer if <paramref name="memoryBytes"/> does not suffice for them.
    /// </summary>
    public static int For(int? asked, long? memoryBytes)
    {
        if (asked is < 1 or > WorkersMax)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"There can be 1 to {WorkersMax} workers, not {asked}."));
        }

        var workers = asked ?? Environment.ProcessorCount;
        if (memoryBytes is not { } memory)
        {
            return workers;
        }

        return memory >= BytesOfProcess + BytesPerWorker
            ? (int)Math.Min(workers, (memory - BytesOfProcess) / BytesPerWorker)
            : throw new UsageException(string.Create(
                CultureInfo.InvariantCulture,
                $"One worker needs at least {(BytesOfProcess + BytesPerWorker) >> 20} MiB; --memory gives {memory >> 20} MiB."));
    }
}
