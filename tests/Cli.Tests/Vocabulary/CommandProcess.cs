using System.Diagnostics;
using System.Globalization;

namespace OrleansClean.Cli.Tests.Vocabulary;

/// <summary>The built command as a process of its own: for what a signal, a pipe, a small heap or its environment does to it.</summary>
internal static class CommandProcess
{
    /// <summary>Starts it with all three streams redirected.</summary>
    public static Process Start(params string[] words) => Start([], words);

    /// <summary>The same with more variables in its environment.</summary>
    public static Process Start(Dictionary<string, string> environment, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "OrleansClean.Cli.dll"), .. words])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Sends it a signal, such as <c>INT</c>.</summary>
    public static async Task SignalAsync(this Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
