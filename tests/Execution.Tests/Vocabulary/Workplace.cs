using System.Text;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;

namespace OrleansClean.Execution.Tests.Vocabulary;

/// <summary>A folder with a plan and inputs, and the words to clean it and look at what came out.</summary>
public sealed class Workplace : IDisposable
{
    /// <summary>Types one column: <c>value</c> must be an integer.</summary>
    public const string SimplePlan = """
        plan: 1
        name: simple
        read: {files: "in/**/*.{csv,csv.gz}"}
        steps:
          - parse: {value: integer}
        write: out/{name}.csv
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("batch-");

    public Workplace(string plan = SimplePlan)
    {
        Root = Path.Combine(_folder.FullName, "work");
        Directory.CreateDirectory(Root);
        Plan(plan);
    }

    public string Root { get; }

    public string OutputRoot => Path.Combine(Root, "out");

    internal BatchSeams Seams { get; set; } = BatchSeams.Real;

    public StateFolder State => StateFolder.Open(OutputRoot);

    public void Dispose() => _folder.Delete(recursive: true);

    public string PathOf(string name) => Path.Combine(Root, name);

    public Workplace Plan(string text)
    {
        File.WriteAllText(PathOf("plan.yaml"), text.ReplaceLineEndings("\n"));
        return this;
    }

    public Workplace Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text.ReplaceLineEndings("\n"));
        return this;
    }

    /// <summary>Inputs <c>in/1.csv</c>, <c>in/2.csv</c>, … with that many good rows each.</summary>
    public Workplace WriteInputs(int files, int rows = 3)
    {
        for (var file = 1; file <= files; file++)
        {
            var text = new StringBuilder("id,value\n");
            for (var row = 1; row <= rows; row++)
            {
                text.Append(file).Append('-').Append(row).Append(',').Append(row).Append('\n');
            }

            Write($"in/{file}.csv", text.ToString());
        }

        return this;
    }

    public string Read(string name) => File.ReadAllText(PathOf(name));

    public bool Exists(string name) => File.Exists(PathOf(name));

    /// <summary>Every file below <paramref name="folder"/>, state left out, in order.</summary>
    public IReadOnlyList<string> Files(string folder = "out") => Directory.Exists(PathOf(folder))
        ? [.. Directory.EnumerateFiles(PathOf(folder), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(PathOf(folder), path))
            .Where(path => !path.Contains(".orleansclean", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)]
        : [];

    /// <summary>What lies in staging: nothing, once a run has ended.</summary>
    public IReadOnlyList<string> Staged() => Directory.Exists(PathOf("out/.orleansclean/staging"))
        ? Directory.GetFiles(PathOf("out/.orleansclean/staging"))
        : [];

    /// <summary>The parts of a combined output: none, once a run has ended.</summary>
    public IReadOnlyList<string> Parts(string batchId) => Directory.Exists(PathOf($"out/.orleansclean/batches/{batchId}/parts"))
        ? Directory.GetFiles(PathOf($"out/.orleansclean/batches/{batchId}/parts"))
        : [];

    public string StateFile(string batchId, string file) => Read($"out/.orleansclean/batches/{batchId}/{file}");

    internal BatchRequest Request => new() { PlanPath = "plan.yaml", WorkingDirectory = Root };

    internal Task<BatchReport> RunAsync(
        Func<BatchRequest, BatchRequest>? with = null,
        IBatchProgress? progress = null,
        CancellationToken cancellationToken = default) =>
        BatchRunner.RunAsync((with ?? (r => r))(Request), progress, Seams, cancellationToken);

    internal async Task<string> RefusedAsync(Func<BatchRequest, BatchRequest>? with = null) =>
        (await Assert.ThrowsAsync<UsageException>(() => RunAsync(with))).Message;

    internal Task<BatchPreview> ListAsync(Func<BatchRequest, BatchRequest>? with = null) =>
        BatchRunner.ListAsync((with ?? (r => r))(Request), CancellationToken.None);
}
