using System.Collections.Immutable;
using System.Security.Cryptography;
using OrleansClean.Execution;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.State;
using OrleansClean.Execution.Verification;

namespace OrleansClean.Cli.Demo;

/// <summary>The demo itself: make, clean, hold the result against the truth.</summary>
internal sealed class DemoRun(string folder, ulong seed, int workers)
{
    /// <summary>The folder that holds everything: a full path.</summary>
    public string Folder { get; } = folder;

    /// <summary>The folder with the messy files.</summary>
    public string InputFolder { get; } = Path.Combine(folder, "in");

    /// <summary>The plan.</summary>
    public string PlanPath { get; } = Path.Combine(folder, "plan.yaml");

    /// <summary>The folder with what was made of them.</summary>
    public string OutputFolder { get; } = Path.Combine(folder, "out");

    /// <summary>Makes the files and the plan.</summary>
    public DemoTruth Make(CancellationToken cancellationToken)
    {
        var truth = DemoFiles.Write(InputFolder, seed, cancellationToken);
        File.WriteAllText(PlanPath, DemoPlan.Text);
        return truth;
    }

    /// <summary>Cleans the files as a user would.</summary>
    public Task<BatchReport> CleanAsync(CancellationToken cancellationToken) =>
        RunAsync(workers, outputDirectory: null, cancellationToken);

    /// <summary>Cleans them again, elsewhere, with one worker and with all, and proves what can be proven.</summary>
    public async Task<DemoResult> ProveAsync(DemoTruth truth, BatchReport report, CancellationToken cancellationToken)
    {
        var state = StateFolder.Open(OutputFolder);
        var alone = Path.Combine(Folder, "again", "one");

        // The first run paid for start-up and compilation. These two are alike in all but the number of workers.
        var oneWorker = await RunAsync(1, alone, cancellationToken);
        var manyWorkers = await RunAsync(workers, Path.Combine(Folder, "again", "many"), cancellationToken);
        var digests = Digests(OutputFolder);
        var others = Digests(Path.Combine(alone, "out"));
        var result = new DemoResult
        {
            Seed = seed,
            Truth = truth,
            Proof = DemoProof.Of(truth, report, state, OutputFolder),
            OneWorker = oneWorker,
            ManyWorkers = manyWorkers,
            Outputs = Math.Max(digests.Count, others.Count),
            DifferentOutputs = digests.Keys.Union(others.Keys, StringComparer.Ordinal)
                .Count(name => !string.Equals(digests.GetValueOrDefault(name), others.GetValueOrDefault(name), StringComparison.Ordinal)),
            Verified = await ReportVerifier.VerifyAsync(state, report.BatchId, cancellationToken),
        };
        Directory.Delete(Path.Combine(Folder, "again"), recursive: true);
        return result;
    }

    private Task<BatchReport> RunAsync(int workerCount, string? outputDirectory, CancellationToken cancellationToken)
    {
        var request = new BatchRequest { PlanPath = PlanPath, Workers = workerCount, OutputDirectory = outputDirectory };
        return BatchRunner.RunAsync(request, progress: null, cancellationToken);
    }

    // Outputs and the rejected rows beside them; the state folder holds times and is no output.
    private static ImmutableSortedDictionary<string, string> Digests(string root) => Directory
        .EnumerateFiles(root, "*.csv", SearchOption.AllDirectories)
        .Where(path => !path.Contains(StateFolder.FolderName, StringComparison.Ordinal))
        .ToImmutableSortedDictionary(
            path => Path.GetRelativePath(root, path),
            path => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))),
            StringComparer.Ordinal);
}
