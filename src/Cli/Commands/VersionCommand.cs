using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Usage;

namespace OrleansClean.Cli.Commands;

/// <summary><c>version</c>: what is installed, for a bug report.</summary>
internal sealed class VersionCommand : Card
{
    public VersionCommand(Terminal terminal)
        : base("version", "Show the version, the runtime and the CPUs that this process may use.")
    {
        Examples = [new("orleansclean version", "one line"), new("orleansclean version -o json", "the same as JSON")];
        var output = CommonOptions.Output("text", "json");
        Add(output);
        SetAction(parsed =>
        {
            var version = new VersionDocument(
                Current, RuntimeInformation.FrameworkDescription, RuntimeInformation.RuntimeIdentifier, Environment.ProcessorCount);
            terminal.Line(parsed.GetValue(output) is "json"
                ? JsonSerializer.Serialize(version, CliJson.Default.VersionDocument)
                : $"orleansclean {version.Version}   {version.Runtime}   {version.Platform}   {Amounts.Of(version.Cpus, "CPU")}");
            return 0;
        });
    }

    /// <summary>The version of this build, without the commit.</summary>
    public static string Current { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}

/// <summary>What <c>version -o json</c> prints.</summary>
internal sealed record VersionDocument(string Version, string Runtime, string Platform, int Cpus);
