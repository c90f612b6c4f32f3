using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansClean.Execution;
using OrleansClean.Execution.Hosting;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>Files that take a while to clean, and what the embedded host makes of them.</summary>
internal sealed class Workload : IDisposable
{
    private const string Plan = """
        plan: 1
        name: load
        read: {files: "in/*.csv"}
        steps:
          - trim: all
          - parse: {amount: number, quantity: integer}
          - derive: {total: "round(amount * quantity, 2)", label: "upper(name)"}
          - check: quantity >= 0
        write: out/{name}.csv
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oc-cluster");

    public Workload(int files, int rows)
    {
        Files = files;
        Directory.CreateDirectory(Path.Combine(Root, "in"));
        for (var file = 0; file < files; file++)
        {
            var text = new StringBuilder("name,amount,quantity\n");
            for (var row = 0; row < rows; row++)
            {
                text.Append(CultureInfo.InvariantCulture, $" n{(row * 7919) % 1000} ,{row % 977}.{row % 90 + 10},{(row % 501 == 500 ? "x" : row % 13)}\n");
            }

            File.WriteAllText(Path.Combine(Root, "in", string.Create(CultureInfo.InvariantCulture, $"{file:D4}.csv")), text.ToString());
        }
    }

    public int Files { get; }

    public string Root => _folder.FullName;

    public string OutputRoot => Path.Combine(Root, "out");

    /// <summary>Cleans in this process, keeps what came out, and clears the output root.</summary>
    public async Task<string> EmbeddedAsync()
    {
        File.WriteAllText(Path.Combine(Root, "plan.yaml"), Plan);
        await BatchRunner.RunAsync(new BatchRequest { PlanPath = "plan.yaml", WorkingDirectory = Root, Id = "embedded" }, null, CancellationToken.None);
        var bytes = Fingerprint();
        Directory.Delete(OutputRoot, recursive: true);
        return bytes;
    }

    public BatchSubmission Submission(string id) => new()
    {
        Id = id,
        PlanText = Plan,
        InputRoot = Root,
        OutputRoot = OutputRoot,
        FrozenAt = DateTimeOffset.UnixEpoch,
    };

    /// <summary>Names and hashes of all outputs and rejects.</summary>
    public string Fingerprint() => string.Join('\n', Directory.EnumerateFiles(OutputRoot, "*", SearchOption.AllDirectories)
        .Where(path => !path.Contains(".orleansclean", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(path => $"{Path.GetRelativePath(OutputRoot, path)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}"));

    /// <summary>What the journal tells: who was given what, in order.</summary>
    public ImmutableArray<Dispatch> Dispatches(string id)
    {
        var lines = Directory.EnumerateFiles(Path.Combine(OutputRoot, ".orleansclean/batches", id, "journal"), "*.log")
            .Order(StringComparer.Ordinal)
            .SelectMany(path => ReadShared(path).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var dispatches = ImmutableArray.CreateBuilder<Dispatch>();
        foreach (var line in lines)
        {
            using var json = JsonDocument.Parse(line[9..]);
            if (json.RootElement.TryGetProperty("h", out var happened) && happened.GetProperty("e").GetString() == "dispatched")
            {
                dispatches.Add(new Dispatch(
                    happened.GetProperty("attempt").GetProperty("item").GetInt32(),
                    happened.GetProperty("attempt").GetProperty("number").GetInt32(),
                    happened.GetProperty("worker").GetProperty("name").GetString()!,
                    DateTimeOffset.FromUnixTimeMilliseconds(happened.GetProperty("at").GetProperty("milliseconds").GetInt64())));
            }
        }

        return dispatches.ToImmutable();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)];
    }
}

/// <summary>An attempt was given to a worker.</summary>
internal sealed record Dispatch(int Item, int Number, string Worker, DateTimeOffset At);
