using OrleansClean.Execution.State;
using OrleansClean.Execution.Verification;
using Xunit.Abstractions;

namespace OrleansClean.Execution.Tests.Article;

/// <summary>The whole corpus of real and nasty files in batches: every file has an outcome, and every batch verifies.</summary>
public sealed class CorpusBatchTests(ITestOutputHelper output) : IDisposable
{
    private const int FilesInCorpus = 820;

    private const string Plan = """
        plan: 1
        name: corpus
        steps:
          - normalize_headers
          - trim: all
          - drop_empty: rows
        write: "cleaned/{dir}/{name}.{ext}"
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("corpus-");

    public void Dispose() => _folder.Delete(recursive: true);

    [CorpusFact]
    public async Task The_corpus_is_cleaned_in_batches_that_verify()
    {
        var plan = Path.Combine(_folder.FullName, "plan.yaml");
        await File.WriteAllTextAsync(plan, Plan);
        var corpus = CorpusFactAttribute.Folder!;
        var files = Directory.GetDirectories(corpus).SelectMany(group => Directory.GetFiles(group, "*", SearchOption.AllDirectories)).ToList();
        Assert.Equal(FilesInCorpus, files.Count);

        // a.csv and a.csv.gz in one batch would write to the same names, and are refused: each kind of packing has a batch of its own.
        foreach (var batch in files.GroupBy(Packing, StringComparer.Ordinal))
        {
            await CleanAndVerifyAsync(plan, batch.Key, [.. batch.Select(file => Path.GetRelativePath(corpus, file))]);
        }
    }

    private static string Packing(string file) =>
        Path.GetExtension(file) is ".gz" or ".zip" or ".zst" or ".bz2" or ".xz" ? Path.GetExtension(file)[1..] : "plain";

    private async Task CleanAndVerifyAsync(string plan, string name, string[] inputs)
    {
        var root = Path.Combine(_folder.FullName, name);
        var report = await BatchRunner.RunAsync(
            new BatchRequest
            {
                PlanPath = plan,
                Inputs = inputs,
                WorkingDirectory = CorpusFactAttribute.Folder,
                OutputDirectory = root,
            },
            progress: null,
            CancellationToken.None);
        var files = report.Ledger.Files;
        output.WriteLine($"{name}: {files.Cleaned} cleaned, {files.Failed} failed; {report.Ledger.Rows.In} rows in, {report.Ledger.Rows.Rejected} rejected");

        Assert.Equal(inputs.Length, files.Found);
        Assert.Equal(inputs.Length, files.Cleaned + files.Failed);
        Assert.True(report.Ledger.Rows.Balanced);
        Assert.All(report.Files.Where(f => f.Failure is not null), f => Assert.NotEmpty(f.Failure!.Code));

        var verified = await ReportVerifier.VerifyAsync(StateFolder.Open(Path.Combine(root, "cleaned")), null, CancellationToken.None);
        Assert.All(verified.Checks, check => Assert.True(check.Ok, $"{check.Name}: {check.FailureCount} of {check.Checked}:\n{string.Join('\n', check.Failures)}"));
        Assert.Contains(verified.Checks, check => check.Checked >= inputs.Length);
    }
}

/// <summary>A test over the corpus that lies beside the repository: skipped, and said so, where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CorpusFactAttribute : FactAttribute
{
    public CorpusFactAttribute()
    {
        if (Folder is null)
        {
            Skip = "shared/corpus is not beside the repository or above it.";
        }
    }

    /// <summary>The corpus, or null.</summary>
    public static string? Folder { get; } = WorkingTree.Shared("corpus");
}
