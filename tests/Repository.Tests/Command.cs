using System.Diagnostics;

namespace OrleansClean.Repository.Tests;

/// <summary>The <c>orleansclean</c> command as a process of its own, as a user starts it.</summary>
internal static class Command
{
    public static (int ExitCode, string Output, string Error) Run(params string[] arguments) =>
        Start(["exec", Path.Combine(AppContext.BaseDirectory, "OrleansClean.Cli.dll"), .. arguments]);

    public static (int ExitCode, string Output, string Error) Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = House.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { ["NO_COLOR"] = "1", ["DOTNET_NOLOGO"] = "1" },
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
