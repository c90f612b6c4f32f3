using OrleansClean.Execution.State;
using OrleansClean.Execution.Verification;
using Xunit.Abstractions;

namespace OrleansClean.Execution.Tests.Article;

/// <summary>The whole corpus of real and nasty files as one batch: every file has an outcome, and the batch verifies.</summary>
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
    public async Task The_corpus_is_cleaned_as_one_batch_that_verifies()
    {
        var plan = Path.Combine(_folder.FullName, "plan.yaml");
        await File.WriteAllTextAsync(plan, Plan);
        var corpus = CorpusFactAttribute.Folder!;
        var inputs = Directory.GetDirectories(corpus)
            .SelectMany(group => Directory.GetFiles(group, "*", SearchOption.AllDirectories))
            .Where(file => !(file.EndsWith(".gz", StringComparison.Ordinal) && File.Exists(file[..^3])))
            .Select(file => Path.GetRelativePath(corpus, file))
            .ToList();
        output.WriteLine($"{FilesInCorpus - inputs.Count} of {FilesInCorpus} left out: packed twins of plain files, whose outputs would have their names");
        Assert.InRange(inputs.Count, FilesInCorpus - 30, FilesInCorpus);

        var report = await BatchRunner.RunAsync(
            new BatchRequest
            {
                PlanPath = plan,
                Inputs = inputs,
                WorkingDirectory = corpus,
                OutputDirectory = _folder.FullName,
            },
            progress: null,
            CancellationToken.None);
        var files = report.Ledger.Files;
        output.WriteLine($"{files.Cleaned} cleaned, {files.Failed} failed; {report.Ledger.Rows.In} rows in, {report.Ledger.Rows.Rejected} rejected");

        Assert.Equal(inputs.Count, files.Found);
        Assert.Equal(inputs.Count, files.Cleaned + files.Failed);
        Assert.True(report.Ledger.Rows.Balanced);
        Assert.All(report.Files.Where(f => f.Failure is not null), f => Assert.NotEmpty(f.Failure!.Code));

        var verified = await ReportVerifier.VerifyAsync(StateFolder.Open(Path.Combine(_folder.FullName, "cleaned")), null, CancellationToken.None);
        Assert.All(verified.Checks, check => Assert.True(check.Ok, $"{check.Name}: {check.FailureCount} of {check.Checked}:\n{string.Join('\n', check.Failures)}"));
        Assert.Contains(verified.Checks, check => check.Checked >= inputs.Count);
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
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var corpus = Path.Combine(folder.FullName, "shared", "corpus");
            if (File.Exists(Path.Combine(corpus, "index.tsv")))
            {
                return corpus;
            }
        }

        return null;
    }
}
