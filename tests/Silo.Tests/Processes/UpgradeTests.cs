using System.Reflection;
using System.Text;
using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Execution;
using OrleansClean.Execution.Hosting;
using Xunit.Abstractions;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>Silos of one version are replaced by those of another while a batch runs.</summary>
[Trait("Category", "Long")]
public sealed class UpgradeTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oc-upgrade");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Three_silos_are_replaced_one_by_one_in_mid_batch_and_nothing_is_lost()
    {
        var (before, after) = CopyOfAnotherVersion();
        using var load = new Workload(files: 500, rows: 12_000);
        var expected = await load.EmbeddedAsync();
        await using var cluster = await ProcessCluster.StartAsync(load, output);
        await cluster.SubmitAsync(load.Submission("upgrade"));
        await cluster.UntilAsync("upgrade", 20);

        foreach (var silo in cluster.Silos)
        {
            await silo.TerminateAsync();
            Assert.Equal(0, silo.ExitCode);
            silo.Program = _folder.FullName;
            await silo.Start().ReadyAsync();
            var now = (await cluster.Client.StatusAsync("upgrade", CancellationToken.None)).Overview!;
            cluster.Tell($"{silo.Name} was replaced; {now.Committed} files are published");
            Assert.Equal(BatchPhase.Running, now.Phase);
            await cluster.UntilAsync("upgrade", Math.Min(now.Committed + 5, load.Files));
        }

        await cluster.EndAsync("upgrade");

        Assert.NotEqual(before, after);
        Assert.Equal(after, await VersionOfAsync(load, "upgrade"));
        Assert.Equal(expected, await load.FingerprintAsync());
        cluster.Tell($"{await load.AssertPublishedOnceAsync("upgrade")} coordinators, the first of version {before} and the last of {after}");
        await cluster.TellRepeatsAsync("upgrade");
    }

    /// <summary>The version that the batch's report names: that of the silo which wrote it.</summary>
    private static async Task<string?> VersionOfAsync(Workload load, string id)
    {
        await using var report = await BatchPapers.OpenAsync(load.Stores.Open(load.OutputRoot), id, BatchPaper.Report, null, CancellationToken.None);
        using var json = await JsonDocument.ParseAsync(report!);
        return json.RootElement.GetProperty("engine").GetProperty("version").GetString();
    }

    /// <summary>The program in a folder of its own, all of whose libraries say that they are of another version. Returns both versions.</summary>
    private (string Before, string After) CopyOfAnotherVersion()
    {
        var told = typeof(BatchRunner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        var before = told.Split('+')[0];
        var after = before[..^1] + (before[^1] is '9' ? '8' : '9');
        var changed = 0;
        foreach (var path in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            var name = Path.GetFileName(path);
            var bytes = File.ReadAllBytes(path);
            if (name.StartsWith("OrleansClean.", StringComparison.Ordinal) && name.EndsWith(".dll", StringComparison.Ordinal)
                && bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(told)) is var place and >= 0)
            {
                Encoding.UTF8.GetBytes(after).CopyTo(bytes, place);
                changed++;
            }

            File.WriteAllBytes(Path.Combine(_folder.FullName, name), bytes);
        }

        Assert.True(changed >= 5, $"{changed} libraries say that they are of version {told}.");
        return (before, after);
    }
}
