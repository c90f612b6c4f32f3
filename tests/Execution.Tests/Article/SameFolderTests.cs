using System.Security.Cryptography;
using OrleansClean.Execution.Reports;
using Xunit.Abstractions;

namespace OrleansClean.Execution.Tests.Article;

/// <summary>The same bytes for 1 to 8 workers and any order of files: outputs, rejected rows, reject records, manifest.</summary>
public sealed class SameFolderTests(ITestOutputHelper output) : IDisposable
{
    private const string Plan = """
        plan: 1
        name: same-folder
        steps:
          - drop_empty: rows
          - normalize_headers
          - filter: value <= 500
            if_missing: skip
          - derive:
              normalized_value: value / (max(value) + 1e-9)
            if_missing: 0
        write: "{name}-cleaned.csv"
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("same-folder-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task One_to_eight_workers_and_shuffled_files_make_the_same_folder()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        MakeInputs();

        var expected = await RunAsync(workers: 1, order: null);
        Assert.True(expected.Count > 40, $"{expected.Count} files: outputs, rejects and a manifest were expected.");
        Assert.Contains(expected.Keys, name => name.EndsWith("manifest.json", StringComparison.Ordinal));
        for (var workers = 2; workers <= 8; workers++)
        {
            Assert.Equal(expected, await RunAsync(workers, files => Shuffled(files, random)));
        }
    }

    /// <summary>Beginnings of the article's inputs, of every length; and files with rows that are rejected.</summary>
    private void MakeInputs()
    {
        var made = Directory.CreateDirectory(Path.Combine(_folder.FullName, "in"));
        foreach (var file in Directory.GetFiles(ArticleExampleTests.Inputs))
        {
            var text = File.ReadAllText(file);
            for (var part = 1; part <= 3; part++)
            {
                var end = text.IndexOf('\n', text.Length * part / 3 - 1) + 1;
                var rows = (end == 0 ? text : text[..end]) + (part % 2 == 0 ? "broken,1,2,3,4,5,6,7,8\n" : "");
                File.WriteAllText(Path.Combine(made.FullName, $"{Path.GetFileNameWithoutExtension(file)}-{part}.csv"), rows);
            }
        }
    }

    private async Task<SortedDictionary<string, string>> RunAsync(int workers, Func<IReadOnlyList<string>, IReadOnlyList<string>>? order)
    {
        var plan = Path.Combine(_folder.FullName, "plan.yaml");
        var root = Path.Combine(_folder.FullName, $"out-{workers}");
        await File.WriteAllTextAsync(plan, Plan);
        var report = await BatchRunner.RunAsync(
            new BatchRequest
            {
                PlanPath = plan,
                Inputs = [Path.Combine(_folder.FullName, "in")],
                OutputDirectory = root,
                Id = "same",
                Workers = workers,
                FileOrder = order,
            },
            progress: null,
            CancellationToken.None);
        Assert.Equal(BatchStatus.Done, report.Status);
        Assert.True(report.Ledger.Rows.Rejected > 0);

        // Times, attempts and workers are in the journal, the log and the reports; everything else must be the same.
        var names = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file));
        return new(
            names.Where(name => !name.StartsWith(".orleansclean", StringComparison.Ordinal) || name.EndsWith("manifest.json", StringComparison.Ordinal)
                    || name.Contains("rejects", StringComparison.Ordinal))
                .ToDictionary(name => name, name => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(root, name)))), StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    private static List<string> Shuffled(IReadOnlyList<string> files, Random random)
    {
        var shuffled = files.ToArray();
        random.Shuffle(shuffled);
        return [.. shuffled];
    }
}
