using System.Globalization;
using System.Text;
using Azure.Storage.Blobs;
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Cli.Tests.Vocabulary;
using OrleansClean.Storage;
using OrleansClean.Storage.AzureBlobs;
using OrleansClean.Storage.AzureBlobs.Tests;

namespace OrleansClean.Cli.Tests;

/// <summary>Inputs and outputs in containers of an account that the environment names.</summary>
[Collection(AzuriteGroup.Name)]
public sealed class RunOnBlobsTests : IAsyncLifetime
{
    private const string Plan = """
        plan: 1
        name: small
        steps:
          - parse: {value: integer}
        write: out/{name}.csv
        """;

    private readonly WorkFolder _work = new WorkFolder().With("plan.yaml", Plan);
    private readonly string _container = $"c{Guid.NewGuid():n}";
    private readonly Azurite _azurite;

    public RunOnBlobsTests(Azurite azurite)
    {
        _azurite = azurite;
        Environment.SetEnvironmentVariable("ORLEANSCLEAN_BLOBS_LAKE", azurite.ConnectionString);
    }

    private string Raw => $"blob://lake/{_container}/raw/in";

    private string Clean => $"blob://lake/{_container}/clean";

    public async Task InitializeAsync()
    {
        if (Azurite.WhyNot is null)
        {
            await new BlobContainerClient(_azurite.ConnectionString, _container).CreateAsync();
        }
    }

    public Task DisposeAsync()
    {
        _work.Dispose();
        return Task.CompletedTask;
    }

    [AzuriteFact]
    public async Task A_run_on_blobs_writes_what_it_writes_to_a_folder()
    {
        await WriteInputsAsync(12);
        _work.With("local/plan.yaml", Plan);
        Assert.Equal(0, (await Typed.Async("run", "plan.yaml", "in", "--out", "local")).ExitCode);

        var run = await Typed.Async("run", "plan.yaml", $"{Raw}/**/*.csv", "--out", Clean);

        Assert.True(run.ExitCode == 0, run.Out + run.Error);
        var expected = Directory.EnumerateFiles("local/out", "*", SearchOption.AllDirectories)
            .Where(path => !path.Contains(".orleansclean", StringComparison.Ordinal))
            .ToDictionary(path => Path.GetRelativePath("local/out", path), File.ReadAllText, StringComparer.Ordinal);
        Assert.Equal(14, expected.Count);
        Assert.Equal(Sorted(expected), Sorted(await OutputsAsync()));
    }

    [AzuriteFact]
    public async Task What_a_run_on_blobs_left_can_be_looked_at_and_gone_on_with()
    {
        await WriteInputsAsync(3);
        string[] run = ["run", "plan.yaml", Raw, "--out", Clean];
        var first = await Typed.Async(run);
        Assert.True(first.ExitCode == 0, first.Error + first.Out);
        var root = $"{Clean}/out";

        var verify = await Typed.Async("report", "verify", "--out", root);

        Assert.True(verify.ExitCode == 0, verify.Out + verify.Error);
        Assert.Contains("in/bad.csv:3", (await Typed.Async("rejects", "show", "--out", root)).Out, StringComparison.Ordinal);
        Assert.Contains("type-error", (await Typed.Async("why", "in/bad.csv:3", "--out", root)).Out, StringComparison.Ordinal);
        Assert.Contains("4 files: 4 cleaned", (await Typed.Async("batch", "list", "--out", root)).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await Typed.Async("batch", "resume", "--out", root)).ExitCode);
        Assert.Contains("4 unchanged", (await Typed.Async(run)).Out, StringComparison.Ordinal);
        Assert.Contains("removed", (await Typed.Async("batch", "prune", "--out", root, "--keep", "1")).Error, StringComparison.Ordinal);
    }

    [AzuriteFact]
    public async Task A_root_of_blobs_that_a_process_of_another_machine_works_on_is_refused_until_its_claim_runs_out()
    {
        await WriteInputsAsync(2);
        await ClaimAsync(DateTimeOffset.UtcNow.AddMinutes(1));

        var refused = await Typed.Async("run", "plan.yaml", Raw, "--out", Clean);
        await ClaimAsync(DateTimeOffset.UtcNow.AddMinutes(-1));
        var after = await Typed.Async("run", "plan.yaml", Raw, "--out", Clean);

        Assert.Equal((2, 0), (refused.ExitCode, after.ExitCode));
        Assert.Contains("is in use by process 7 on elsewhere, batch b, since 2026-01-01 00:00:00 UTC.", refused.Error, StringComparison.Ordinal);
    }

    [AzuriteUnixFact]
    public async Task A_run_on_blobs_that_was_killed_is_continued_by_the_same_command()
    {
        await WriteInputsAsync(200);
        string[] run = ["run", "plan.yaml", Raw, "--out", Clean];
        foreach (var share in new[] { 10, 80 })
        {
            using var process = CommandProcess.Start(run);
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            while (await CountAsync() < share && !process.HasExited)
            {
                await Task.Delay(20, patience.Token);
            }

            // Refused while the process lives; at once no more when it is dead.
            var second = await Typed.Async(run);
            Assert.Equal(2, second.ExitCode);
            Assert.Contains($"is in use by process {process.Id.ToString(CultureInfo.InvariantCulture)} on ", second.Error, StringComparison.Ordinal);
            await process.SignalAsync("KILL");
            await process.WaitForExitAsync();
            Assert.Equal(137, process.ExitCode);
        }

        var end = await Typed.Async(run);

        Assert.True(end.ExitCode == 0, end.Error + end.Out);
        Assert.Contains("201 cleaned   0 unchanged   0 failed", end.Out, StringComparison.Ordinal);
        Assert.Equal(202, await CountAsync());
        Assert.Null(await Store("clean/out").FindAsync(ObjectName.Parse(".orleansclean/lock"), default));
    }

    [AzuriteFact]
    public async Task An_array_and_a_map_on_blobs_are_what_they_are_in_a_folder()
    {
        _work.With("spec.yaml", "array: 1\nsteps:\n  - scale: 2\n  - normalize: minmax\n").With("names.txt", "a\nb\nc\n");
        byte[] array = [.. new NpyHeader { Element = ArrayElement.F32, Shape = [3], Count = 3, Bytes = [] }.With(ArrayElement.F64).Bytes, .. new double[] { 1, 2, 4 }.SelectMany(BitConverter.GetBytes)];
        await File.WriteAllBytesAsync("a.npy", array);
        Assert.IsType<WriteResult.Written>(await Store("raw/in").WriteDocumentAsync(ObjectName.Parse("a.npy"), array, Precondition.Absent, default));
        Assert.IsType<WriteResult.Written>(await Store("raw/in").WriteDocumentAsync(ObjectName.Parse("names.txt"), "a\nb\nc\n"u8.ToArray(), Precondition.Absent, default));
        Assert.Equal(0, (await Typed.Async("array", "spec.yaml", "a.npy", "--out", "b.npy")).ExitCode);
        Assert.Equal(0, (await Typed.Async("map", "sha256", "--inputs", "names.txt", "--out", "hashes")).ExitCode);
        string[] transform = ["array", "spec.yaml", $"{Raw}/a.npy", "--out", $"{Clean}/b.npy"];
        string[] map = ["map", "sha256", "--inputs", $"{Raw}/names.txt", "--out", $"{Clean}/hashes"];

        var made = await Typed.Async(transform);
        var mapped = await Typed.Async(map);
        var again = await Typed.Async(transform);

        Assert.True(made.ExitCode == 0, made.Error);
        Assert.True(mapped.ExitCode == 0, mapped.Error);
        Assert.Contains("unchanged", again.Out, StringComparison.Ordinal);
        Assert.Equal(0, (await Typed.Async(map)).ExitCode);
        Assert.Equal(await File.ReadAllBytesAsync("b.npy"), (await Store("clean").ReadDocumentAsync(ObjectName.Parse("b.npy"), default))!.Content.ToArray());
        Assert.Equal(await File.ReadAllBytesAsync("hashes/sha256.jsonl"), (await Store("clean/hashes").ReadDocumentAsync(ObjectName.Parse("sha256.jsonl"), default))!.Content.ToArray());
    }

    [AzuriteFact]
    public async Task A_key_in_an_address_is_refused_and_not_shown()
    {
        await WriteInputsAsync(1);
        _work.With("spec.yaml", "array: 1\nsteps:\n  - scale: 2\n");
        const string signature = "sig=c2VjcmV0c2VjcmV0";
        string[][] commands =
        [
            ["run", "plan.yaml", $"{Raw}/1.csv?{signature}", "--out", Clean],
            ["run", "plan.yaml", Raw, "--out", $"{Clean}?{signature}"],
            ["run", "plan.yaml", $"https://lake.blob.core.windows.net/raw/1.csv?{signature}"],
            ["batch", "list", "--out", $"{Clean}?{signature}"],
            ["batch", "prune", "--out", $"blob://lake:AccountKey=c2VjcmV0c2VjcmV0/{_container}"],
            ["report", "--out", $"{Clean}?{signature}"],
            ["rejects", "show", "--out", $"{Clean}?{signature}"],
            ["why", $"{Raw}/bad.csv?{signature}:3", "--plan", "plan.yaml"],
            ["array", "spec.yaml", $"{Raw}/a.npy?{signature}", "--out", "b.npy"],
            ["map", "sha256", "--inputs", $"{Raw}/names.txt?{signature}", "--out", "hashes"],
        ];
        foreach (var command in commands)
        {
            var answer = await Typed.Async(command);

            Assert.NotEqual(0, answer.ExitCode);
            Assert.DoesNotContain("c2VjcmV0", answer.Out + answer.Error, StringComparison.Ordinal);
        }
    }

    [AzuriteFact]
    public async Task An_account_that_nobody_named_is_an_error_that_says_how()
    {
        var answer = await Typed.Async("run", "plan.yaml", "blob://nowhere/raw/in", "--out", "here");

        Assert.NotEqual(0, answer.ExitCode);
        Assert.Contains("ORLEANSCLEAN_BLOBS_NOWHERE", answer.Error, StringComparison.Ordinal);
        Assert.Contains("No input matched", (await Typed.Async("run", "plan.yaml", Raw, "--out", "here")).Error, StringComparison.Ordinal);
    }

    private AzureBlobStore Store(string prefix) => new(BlobConnection.Parse(_azurite.ConnectionString), _container, prefix, new AzureBlobOptions());

    private async Task WriteInputsAsync(int files)
    {
        for (var file = 1; file <= files; file++)
        {
            await WriteAsync(file.ToString(CultureInfo.InvariantCulture), string.Concat(Enumerable.Range(1, 40).Select(row => $"{file}-{row},{row}\n")));
        }

        await WriteAsync("bad", "1,1\n2,x\n");
    }

    private async Task WriteAsync(string name, string rows)
    {
        _work.With($"in/{name}.csv", "id,value\n" + rows);
        var written = await Store("raw/in").WriteDocumentAsync(ObjectName.Parse($"{name}.csv"), Encoding.UTF8.GetBytes("id,value\n" + rows), Precondition.Absent, default);
        Assert.IsType<WriteResult.Written>(written);
    }

    private async Task ClaimAsync(DateTimeOffset until)
    {
        var name = ObjectName.Parse(".orleansclean/lock");
        var store = Store("clean/out");
        var claim = $$"""{"incarnation":"x","machine":"elsewhere","boot":"another","process":7,"started":1,"batch":"b","since":"2026-01-01T00:00:00Z","until":"{{until:O}}"}""";
        var found = await store.FindAsync(name, default);
        Assert.IsType<WriteResult.Written>(await store.WriteDocumentAsync(name, Encoding.UTF8.GetBytes(claim), Precondition.AsFound(found), default));
    }

    private async Task<int> CountAsync() => (await Store("clean/out").ListAsync(new ListScope(), default)).Objects.Count;

    private async Task<Dictionary<string, string>> OutputsAsync()
    {
        var store = Store("clean/out");
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var found in (await store.ListAsync(new ListScope(), default)).Objects)
        {
            texts[found.Name.Value] = Encoding.UTF8.GetString((await store.ReadDocumentAsync(found.Name, default))!.Content.Span);
        }

        return texts;
    }

    private static SortedDictionary<string, string> Sorted(Dictionary<string, string> texts) => new(texts, StringComparer.Ordinal);

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class AzuriteUnixFactAttribute : FactAttribute
    {
        public AzuriteUnixFactAttribute() => Skip = Azurite.WhyNot ?? Platform.WhyNotUnix;
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class AzuriteFactAttribute : FactAttribute
    {
        public AzuriteFactAttribute() => Skip = Azurite.WhyNot;
    }
}
