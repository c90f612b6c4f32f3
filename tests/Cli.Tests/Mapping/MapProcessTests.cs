using System.Diagnostics;
using System.Globalization;
using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests.Mapping;

/// <summary>The built command as a process of its own, whose reader or life ends early.</summary>
public sealed class MapProcessTests
{
    [UnixTheory]
    [InlineData("KILL", 137)]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_worker_process_does_not_outlive_its_host(string signal, int exitCode)
    {
        using var work = new WorkFolder();
        var marker = Path.Combine(work.Path, "pid");
        using var host = CommandProcess.Start("map", "stay", "--library", NastyFunctions.Library, "--inputs", "-", "-j", "1", "--progress", "none");
        using var watcher = new FileSystemWatcher(work.Path, "pid");
        var appeared = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Renamed += (_, _) => appeared.TrySetResult();
        watcher.EnableRaisingEvents = true;
        await host.StandardInput.WriteLineAsync(marker);
        await host.StandardInput.FlushAsync();
        await appeared.Task.WaitAsync(TimeSpan.FromMinutes(3));
        using var worker = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(marker), CultureInfo.InvariantCulture));

        await host.SignalAsync(signal);

        await host.WaitForExitAsync();
        Assert.Equal(exitCode, host.ExitCode);
        await worker.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
    }

    [UnixFact]
    public async Task When_nobody_reads_the_results_any_more_the_map_stops()
    {
        using var work = new WorkFolder().With("in.txt", string.Concat(Enumerable.Range(0, 2_000_000).Select(i => $"{i}\n")));
        using var map = CommandProcess.Start("map", "square", "--inputs", "in.txt", "--progress", "none");

        Assert.Equal("{\"index\":0,\"input\":\"0\",\"result\":0}", await map.StandardOutput.ReadLineAsync());
        map.StandardOutput.Close();

        Assert.Equal("orleansclean: nobody reads the results any more, so the map was stopped.\n", await map.StandardError.ReadToEndAsync());
        await map.WaitForExitAsync();
        Assert.Equal(1, map.ExitCode);
    }

    [UnixFact]
    public async Task An_interrupt_ends_a_map_that_waits_for_its_inputs()
    {
        using var map = CommandProcess.Start("map", "square", "--inputs", "-", "-o", "text", "--progress", "none");
        await map.StandardInput.WriteLineAsync("3");
        await map.StandardInput.FlushAsync();
        Assert.Equal("9", await map.StandardOutput.ReadLineAsync());

        await map.SignalAsync("INT");

        await map.WaitForExitAsync();
        Assert.Equal(130, map.ExitCode);
    }

    [UnixFact]
    public async Task A_map_into_a_folder_that_was_killed_goes_on_without_computing_again_what_was_published()
    {
        using var work = new WorkFolder().With("in.txt", "a\nb\nblock\nc\n").With("block", "");
        string[] words =
        [
            "map", "counted", "--library", NastyFunctions.Library, "--inputs", "in.txt", "--param", $"notes={Path.Combine(work.Path, "notes")}",
            "--out", "out", "-o", "text", "-j", "1", "--chunk-size", "1",
        ];
        using (var host = CommandProcess.Start(words))
        {
            // Until it is written down that the first two stand, and the third one is under way.
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            while (WrittenDown() < 2 || !work.Has("notes") || !Noted(work).Contains("block"))
            {
                await Task.Delay(20, patience.Token);
            }

            host.Kill();
            await host.WaitForExitAsync();
        }

        Assert.False(work.Has("out/counted.txt"));
        File.Delete("block");
        using var again = CommandProcess.Start(words);
        var said = await again.StandardError.ReadToEndAsync();
        await again.WaitForExitAsync();

        Assert.True(again.ExitCode == 0, said);
        Assert.Contains("2 of 4 chunks were done before", said, StringComparison.Ordinal);
        Assert.Equal("A\nB\nBLOCK\nC\n", work.Read("out/counted.txt"));
        Assert.Equal(["a", "b", "block", "block", "c"], Noted(work).Order(StringComparer.Ordinal));
    }

    private static int WrittenDown() => Directory.Exists("out")
        ? Directory.EnumerateFiles("out", "*.log", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Sum(log => File.ReadAllText(log).Split("\"e\":\"committed\"").Length - 1)
        : 0;

    private static string[] Noted(WorkFolder work) => work.Read("notes").TrimEnd('\n').Split('\n');
}
