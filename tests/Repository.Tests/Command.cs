using System.Diagnostics;

namespace OrleansClean.Repository.Tests;

/// <summary>The <c>orleansclean</c> command as a process of its own, as a user starts it.</summary>
internal static class Command
{
    public static (int ExitCode, string Output, string Error) Run(params string[] arguments) =>
        Start(["exec", Path.Combine(AppContext.BaseDirectory, "OrleansClean.Cli.dll"), .. arguments]);

    /// <summary><c>dotnet</c> with these arguments, from the repository's root.</summary>
    public static (int ExitCode, string Output, string Error) Start(params string[] arguments) => StartProgram("dotnet", arguments);

    public static (int ExitCode, string Output, string Error) StartProgram(string program, params string[] arguments) =>
        StartProgram(program, [], arguments);

    /// <summary>A program with more variables in its environment.</summary>
    public static (int ExitCode, string Output, string Error) StartProgram(string program, Dictionary<string, string> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(program)
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

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
