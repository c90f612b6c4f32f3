using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace OrleansClean.Silo.Tests.Deployment;

/// <summary>The compose file with the images' entry points, as a container engine would read them.</summary>
internal sealed class ComposeFile
{
    private readonly Dictionary<object, object> _services;
    private readonly string _dockerfile = File.ReadAllText(Path.Combine(WorkingTree.Root, "Dockerfile"));

    public ComposeFile()
    {
        var parser = new MergingParser(new Parser(new StringReader(File.ReadAllText(Path.Combine(WorkingTree.Root, "docker-compose.yml")))));
        var root = new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(parser);
        _services = (Dictionary<object, object>)root["services"];
    }

    public IReadOnlyList<string> Services => [.. _services.Keys.Cast<string>()];

    /// <summary>What a service's container runs: the entry point of its image and its command.</summary>
    public IReadOnlyList<string> WordsOf(string service) => [.. EntryPointOf(TargetOf(service)), .. Texts(Of(service).GetValueOrDefault("command"))];

    public string TargetOf(string service) => (string)((Dictionary<object, object>)Of(service)["build"])["target"];

    /// <summary>The address that a service has on the network of the compose file.</summary>
    public string AddressOf(string service) =>
        (string)((Dictionary<object, object>)((Dictionary<object, object>)Of(service)["networks"])["cluster"])["ipv4_address"];

    public IReadOnlyDictionary<string, string> EnvironmentOf(string service) =>
        Of(service).GetValueOrDefault("environment") is Dictionary<object, object> variables
            ? variables.ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value, StringComparer.Ordinal)
            : [];

    /// <summary>The command that tells whether a service is healthy, without the word that says that it is one; empty if it has none.</summary>
    public IReadOnlyList<string> HealthCheckOf(string service) =>
        Of(service).GetValueOrDefault("healthcheck") is Dictionary<object, object> check ? [.. Texts(check["test"]).Skip(1)] : [];

    /// <summary>What a build stage of the Dockerfile starts.</summary>
    public IReadOnlyList<string> EntryPointOf(string target)
    {
        const string entryPoint = "ENTRYPOINT ";
        var entry = _dockerfile.Split('\n')
            .SkipWhile(line => !(line.StartsWith("FROM ", StringComparison.Ordinal) && line.EndsWith($" AS {target}", StringComparison.Ordinal)))
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("FROM ", StringComparison.Ordinal))
            .SingleOrDefault(line => line.StartsWith(entryPoint, StringComparison.Ordinal));
        Assert.True(entry is not null, $"The Dockerfile has no stage '{target}' with an ENTRYPOINT.");
        return JsonSerializer.Deserialize<string[]>(entry[entryPoint.Length..])!;
    }

    private Dictionary<object, object> Of(string service) => (Dictionary<object, object>)_services[service];

    private static IEnumerable<string> Texts(object? list) => list is List<object> items ? items.Cast<string>() : [];
}
