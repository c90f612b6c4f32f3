using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansClean.Execution;
using OrleansClean.Execution.Hosting;
using OrleansClean.Storage;
using OrleansClean.Storage.AzureBlobs;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>Files that take a while to clean, in folders or in blobs, and what the embedded host makes of them.</summary>
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
        InputRoot = Root;
        OutputRoot = Path.Combine(Root, "out");
        Directory.CreateDirectory(Path.Combine(Root, "in"));
        for (var file = 0; file < files; file++)
        {
            var text = new StringBuilder("name,amount,quantity\n");
            for (var row = 0; row < rows; row++)
            {
                text.Append(CultureInfo.InvariantCulture, $" n{(row * 7919) % 1000} ,{row % 977}.{row % 90 + 10},{(row % 501 == 500 ? "x" : row % 13)}\n");
            }

            File.WriteAllText(Path.Combine(Root, "in", string.Create(CultureInfo.InvariantCulture, $"{file:D5}.csv")), text.ToString());
        }
    }

    public int Files { get; }

    public string Root => _folder.FullName;

    public string InputRoot { get; private set; }

    public string OutputRoot { get; private set; }

    public IStoreDirectory Stores { get; private set; } = new LocalStores();

    /// <summary>How a silo reaches the blobs; null if all is in folders.</summary>
    public string? Blobs { get; private set; }

    /// <summary>Cleans in this process, on folders, keeps what came out, and clears the output root.</summary>
    public async Task<string> EmbeddedAsync()
    {
        File.WriteAllText(Path.Combine(Root, "plan.yaml"), Plan);
        await BatchRunner.RunAsync(new BatchRequest { PlanPath = "plan.yaml", WorkingDirectory = Root, Id = "embedded" }, null, CancellationToken.None);
        var bytes = await FingerprintAsync();
        Directory.Delete(OutputRoot, recursive: true);
        return bytes;
    }

    /// <summary>From now on inputs and outputs are blobs, below a prefix of this workload's own.</summary>
    public async Task MoveToBlobsAsync(string connectionString)
    {
        var prefix = $"blob://tests/cluster/{Guid.NewGuid():n}";
        var connections = new BlobConnections([new("tests", BlobConnection.Parse(connectionString))]);
        Stores = new LocalStores(name => BlobConnections.IsAddress(name) ? connections.Open(name, new AzureBlobOptions()) : null);
        (Blobs, InputRoot, OutputRoot) = (connectionString, $"{prefix}/inputs", $"{prefix}/outputs");
        var store = (AzureBlobStore)Stores.Open(InputRoot);
        await store.PrepareAsync(CancellationToken.None);
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Root, "in")))
        {
            var written = await store.WriteDocumentAsync(
                ObjectName.Parse($"in/{Path.GetFileName(path)}"), await File.ReadAllBytesAsync(path), Precondition.Absent, CancellationToken.None);
            Assert.IsType<WriteResult.Written>(written);
        }
    }

    public BatchSubmission Submission(string id) => new()
    {
        Id = id,
        PlanText = Plan,
        InputRoot = InputRoot,
        OutputRoot = OutputRoot,
        FrozenAt = DateTimeOffset.UnixEpoch,
    };

    /// <summary>Names and hashes of all outputs and rejects.</summary>
    public async Task<string> FingerprintAsync()
    {
        var store = Stores.Open(OutputRoot);
        var lines = new List<string>();
        foreach (var found in (await store.ListAsync(new ListScope(), CancellationToken.None)).Objects)
        {
            await using var content = await store.OpenReadAsync(found.Name, found.ETag, CancellationToken.None);
            lines.Add($"{found.Name} {Convert.ToHexStringLower(await SHA256.HashDataAsync(content))}");
        }

        Assert.True(lines.Count >= Files, $"Only {lines.Count} outputs.");
        return string.Join('\n', lines);
    }

    /// <summary>What the journal tells, in order: who was given what, and which attempts ended.</summary>
    public async Task<ImmutableArray<JournalEntry>> JournalAsync(string id)
    {
        var store = Stores.Open(OutputRoot);
        var scope = new ListScope($".orleansclean/batches/{id}/journal", IncludeHidden: true, Accept: name => name.EndsWith(".log", StringComparison.Ordinal));
        var entries = ImmutableArray.CreateBuilder<JournalEntry>();
        foreach (var segment in (await store.ListAsync(scope, CancellationToken.None)).Objects)
        {
            foreach (var line in (await ReadLogAsync(store, segment.Name)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                // Eight digits of a checksum and a blank come before the JSON.
                using var json = JsonDocument.Parse(line[9..]);
                if (json.RootElement.TryGetProperty("h", out var happened) && happened.TryGetProperty("attempt", out var attempt))
                {
                    entries.Add(JournalEntry.Of(json.RootElement, happened, attempt));
                }
            }
        }

        return entries.ToImmutable();
    }

    /// <summary>
    /// Every file was published once, and once a coordinator has taken over, an earlier one writes nothing more. Returns how many coordinators there were.
    /// </summary>
    public async Task<int> AssertPublishedOnceAsync(string id)
    {
        var journal = await JournalAsync(id);
        Assert.Equal(Enumerable.Range(0, Files), journal.Where(entry => entry.Happened is "committed").Select(entry => entry.Item).Order());
        var coordinators = journal.Select(entry => entry.Coordinator).ToList();
        Assert.Equal(coordinators.Order(), coordinators);
        return coordinators.Distinct().Count();
    }

    /// <summary>Attempts that were given to workers, in order.</summary>
    public async Task<ImmutableArray<JournalEntry>> DispatchesAsync(string id) => [.. (await JournalAsync(id)).Where(entry => entry.Happened is "dispatched")];

    /// <summary>Each file as the batch's papers tell it: its worker and the number of its attempt.</summary>
    public async Task<ImmutableArray<(string Worker, int Attempts)>> ReportedAsync(string id)
    {
        await using var paper = await BatchPapers.OpenAsync(Stores.Open(OutputRoot), id, BatchPaper.Files, null, CancellationToken.None);
        using var lines = new StreamReader(paper!);
        var files = ImmutableArray.CreateBuilder<(string, int)>();
        while (await lines.ReadLineAsync() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            files.Add((json.RootElement.GetProperty("worker").GetString()!, json.RootElement.GetProperty("attempts").GetInt32()));
        }

        return files.ToImmutable();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<string> ReadLogAsync(IObjectStore store, ObjectName name)
    {
        using var text = new MemoryStream();
        while (await store.ReadLogAsync(name, text.Length, CancellationToken.None) is { Length: > 0 } part)
        {
            text.Write(part.Span);
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }
}

/// <summary>Something that a journal tells of an attempt.</summary>
/// <param name="Coordinator">The incarnation that wrote it.</param>
/// <param name="Happened">What it is.</param>
/// <param name="Item">The item.</param>
/// <param name="Number">The attempt.</param>
/// <param name="Worker">The worker, where one is named.</param>
/// <param name="At">When, where that is told.</param>
/// <param name="Failure">Why, where something failed.</param>
internal sealed record JournalEntry(long Coordinator, string Happened, int Item, int Number, string Worker, DateTimeOffset At, string Failure)
{
    /// <summary>True for what takes an attempt from its worker's hands.</summary>
    public bool EndsAttempt => Happened is "lost" or "released" or "attempt-failed" or "staged" or "intent" or "unchanged" or "failed";

    public static JournalEntry Of(JsonElement line, JsonElement happened, JsonElement attempt) => new(
        line.GetProperty("i").GetInt64(),
        happened.GetProperty("e").GetString()!,
        attempt.GetProperty("item").GetInt32(),
        attempt.GetProperty("number").GetInt32(),
        !happened.TryGetProperty("worker", out var worker) ? ""
            : worker.ValueKind is JsonValueKind.Object ? worker.GetProperty("name").GetString()! : worker.GetString()!,
        happened.TryGetProperty("at", out var at) ? DateTimeOffset.FromUnixTimeMilliseconds(at.GetProperty("milliseconds").GetInt64()) : default,
        happened.TryGetProperty("failure", out var failure) ? failure.GetProperty("message").GetString()! : "");
}
