using System.Text.Json.Serialization;
using OrleansClean.Execution;
using OrleansClean.Execution.Reports;

namespace OrleansClean.Cli.Bench;

/// <summary>One number of workers, measured: the fastest of several runs.</summary>
internal sealed record BenchRow(int Workers, double WallSeconds, double CpuSeconds, long Bytes, long Rows);

/// <summary>Everything that a bench measured; what <c>bench -o json</c> prints.</summary>
internal sealed record BenchResult
{
    public required string Plan { get; init; }

    public required int Files { get; init; }

    public required long Bytes { get; init; }

    public required long LargestFileBytes { get; init; }

    /// <summary>Ranges of the largest file that were cleaned side by side; 0 if one worker cleaned all of it.</summary>
    public required long LargestFileRanges { get; init; }

    public required int Cpus { get; init; }

    public required int Repeats { get; init; }

    public required IReadOnlyList<BenchRow> Runs { get; init; }

    /// <summary>What <c>run</c> would have exited with.</summary>
    [JsonIgnore]
    public int ExitCode { get; init; }

    /// <summary>What keeps more workers from being faster.</summary>
    public string Limit => BenchLimit.Of(this);
}

/// <summary>Runs a plan with different numbers of workers, writing to folders that are thrown away.</summary>
internal static class BenchRun
{
    /// <summary>Measures 1, 2, 4, … workers up to <paramref name="workersMax"/>; null if every file fails.</summary>
    public static async Task<BenchResult?> MeasureAsync(
        BatchRequest request, int workersMax, int repeats, Action<string> say, CancellationToken cancellationToken)
    {
        // Beside the outputs of other programs it would measure another disk: the temporary folder is the honest default.
        var folder = Directory.CreateTempSubdirectory("orleansclean-bench-").FullName;
        try
        {
            say("warming up");
            var first = await OnceAsync(request, workersMax, folder, cancellationToken);
            if (first.Ledger.Files.Found == first.Ledger.Files.Failed)
            {
                return null;
            }

            var runs = new List<BenchRow>();
            foreach (var workers in Steps(workersMax))
            {
                say($"{workers} of {workersMax} workers");
                runs.Add(await BestAsync(request, workers, repeats, folder, cancellationToken));
            }

            var largest = first.Files.MaxBy(file => file.InputBytes);
            return new BenchResult
            {
                Plan = first.Plan.Name,
                Files = first.Ledger.Files.Found,
                Bytes = first.Ledger.Bytes.In,
                LargestFileBytes = largest?.InputBytes ?? 0,
                LargestFileRanges = largest?.Reading?.Ranges ?? 0,
                Cpus = Environment.ProcessorCount,
                Repeats = repeats,
                Runs = runs,
                ExitCode = ExitCodes.Of(first),
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>1, 2, 4, 8, … and the last one.</summary>
    public static IEnumerable<int> Steps(int workersMax)
    {
        for (var workers = 1; workers < workersMax; workers *= 2)
        {
            yield return workers;
        }

        yield return workersMax;
    }

    private static async Task<BenchRow> BestAsync(
        BatchRequest request, int workers, int repeats, string folder, CancellationToken cancellationToken)
    {
        BatchReport? best = null;
        for (var i = 0; i < repeats; i++)
        {
            var report = await OnceAsync(request, workers, folder, cancellationToken);
            best = best is null || report.Cost.WallSeconds < best.Cost.WallSeconds ? report : best;
        }

        return new BenchRow(workers, best!.Cost.WallSeconds, best.Cost.CpuSeconds, best.Ledger.Bytes.In, best.Ledger.Rows.In);
    }

    private static async Task<BatchReport> OnceAsync(
        BatchRequest request, int workers, string folder, CancellationToken cancellationToken)
    {
        var run = request with { Workers = workers, OutputDirectory = Path.Combine(folder, "out"), Force = true };
        var report = await BatchRunner.RunAsync(run, progress: null, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        Directory.Delete(run.OutputDirectory!, recursive: true);
        return report;
    }
}
