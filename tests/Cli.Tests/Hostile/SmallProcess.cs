using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests.Hostile;

/// <summary>The built command as a process whose heap is held to 256 MB by the runtime: what needs more dies of it.</summary>
internal static class SmallProcess
{
    /// <summary>A process that needs longer hangs. Far beyond what the slowest machine needs.</summary>
    private static readonly TimeSpan HangAfter = TimeSpan.FromMinutes(10);

    public static async Task<Answer> RunAsync(params string[] words)
    {
        using var process = CommandProcess.Start(new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_GCHeapHardLimit"] = "0x10000000" }, words);
        using var hang = new CancellationTokenSource(HangAfter);
        var output = process.StandardOutput.ReadToEndAsync(hang.Token);
        var error = process.StandardError.ReadToEndAsync(hang.Token);
        try
        {
            await process.WaitForExitAsync(hang.Token);
            return new Answer(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException cancelled)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{string.Join(' ', words)}' was not done after {HangAfter}: it hangs.", cancelled);
        }
    }
}
