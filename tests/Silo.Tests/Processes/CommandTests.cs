using System.Diagnostics;
using System.Text;
using Xunit.Abstractions;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>The command of a cluster's client as a process, as a user types it.</summary>
public sealed class CommandTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_run_that_is_interrupted_leaves_the_batch_running_and_another_process_waits_for_it()
    {
        using var load = new Workload(files: 150, rows: 3000);
        var expected = await load.EmbeddedAsync();
        await using var cluster = await ProcessCluster.StartAsync(load, output, silos: 2, slots: 1);
        string[] where = ["--cluster", "tests", "--store", cluster.Store];

        using var run = Typing.Start(load.Root, ["run", "plan.yaml", "--id", "typed", .. where]);
        await Task.WhenAny(cluster.UntilAsync("typed", 3), run.ExitAsync());
        run.Interrupt();
        var interrupted = await run.EndAsync();
        using var list = Typing.Start(load.Root, ["batch", "list", .. where]);
        var listed = await list.EndAsync();
        using var wait = Typing.Start(load.Root, ["batch", "wait", "typed", .. where]);
        var waited = await wait.EndAsync();
        output.WriteLine($"{interrupted.Error}\n{listed.Out}\n{waited.Out}");

        Assert.True(interrupted.ExitCode == 130, interrupted.ToString());
        Assert.Contains("'orleansclean batch wait typed --cluster tests", interrupted.Error, StringComparison.Ordinal);
        Assert.StartsWith("typed  ", listed.Out, StringComparison.Ordinal);
        Assert.True(waited.ExitCode == 0, waited.ToString());
        Assert.Contains("balanced", waited.Out, StringComparison.Ordinal);
        Assert.Equal(expected, await load.FingerprintAsync());
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task The_demo_on_three_silos_kills_one_and_everything_that_it_claims_is_so()
    {
        var folder = Directory.CreateTempSubdirectory("oc-demo");
        try
        {
            using var demo = Typing.Start(folder.FullName, ["demo", "--silos", "3", "--keep", "mess", "--seed", "7"]);
            var answer = await demo.EndAsync();
            output.WriteLine(answer.Out);

            Assert.True(answer.ExitCode == 0, answer.ToString());
            Assert.Contains("killed   silo-1 with SIGKILL when", answer.Out, StringComparison.Ordinal);
            Assert.DoesNotContain("WRONG", answer.Out, StringComparison.Ordinal);
            Assert.Equal(6, answer.Out.Split('\n').Count(line => line.StartsWith("  ok   ", StringComparison.Ordinal)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>One process of the command.</summary>
    private sealed class Typing(Process process) : IDisposable
    {
        // Where the build puts it, with everything that it needs: beside the tests some of that is missing.
        private static readonly string Program = Path.GetFullPath(
            Path.Combine(AppContext.BaseDirectory, "..", "..", "Client", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "OrleansClean.Client.dll"));

        private readonly StringBuilder _error = new();

        public static Typing Start(string folder, string[] words)
        {
            var start = new ProcessStartInfo("dotnet")
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            };
            start.ArgumentList.Add(Program);
            Array.ForEach(words, start.ArgumentList.Add);
            var process = Process.Start(start)!;
            var typing = new Typing(process);
            process.ErrorDataReceived += (_, line) => typing._error.AppendLine(line.Data);
            process.BeginErrorReadLine();
            return typing;
        }

        /// <summary>Ctrl+C.</summary>
        public void Interrupt()
        {
            if (process.HasExited)
            {
                return;
            }

            using var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }

        public async Task<Typed> EndAsync()
        {
            using var patience = new CancellationTokenSource(Patience);
            var text = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new Typed(process.ExitCode, text, _error.ToString());
        }

        public Task ExitAsync() => process.WaitForExitAsync();

        public void Dispose()
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }

            process.Dispose();
        }
    }

    /// <summary>What came of it.</summary>
    private sealed record Typed(int ExitCode, string Out, string Error);
}
