using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using OrleansClean.Execution;
using Xunit.Abstractions;

namespace OrleansClean.Silo.Tests.Deployment;

/// <summary>
/// Reads the compose file and starts every service's command with its environment as a process on loopback: addresses of its network become addresses
/// of 127.0.0.0/8, and paths in images become those of this build. What a container engine adds is not tested here.
/// </summary>
public sealed class ComposeTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private static readonly string[] Volumes = ["/samples", "/work", "/blobs"];

    private readonly ComposeFile _compose = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oc-compose");
    private readonly Dictionary<string, Service> _running = new(StringComparer.Ordinal);

    // Several runs of these tests may go on at once: each has a network of its own.
    private readonly string _network = string.Create(CultureInfo.InvariantCulture, $"127.{Random.Shared.Next(2, 255)}.{Random.Shared.Next(1, 255)}.");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var service in _running.Values)
        {
            await service.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [ComposeFact]
    public async Task Every_service_starts_as_it_stands_there_and_the_client_cleans_the_samples()
    {
        Lay();
        Start("azurite");
        await UntilHealthyAsync("azurite");
        string[] silos = [.. _compose.Services.Where(service => _compose.TargetOf(service) is "silo")];
        Assert.Equal(3, silos.Length);
        foreach (var silo in silos)
        {
            Start(silo);
            await UntilReadyAsync(silo);
        }

        var client = Start("client");
        await client.EndAsync(Patience);

        output.WriteLine(client.Said);
        Assert.Equal(["azurite", "client", .. silos], _running.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(_compose.Services.Order(StringComparer.Ordinal), _running.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(await EmbeddedAsync(), Outputs(Path.Combine(_folder.FullName, "work")));
        await CheckEndpointsAsync(silos[0]);
    }

    /// <summary>Every path that a probe or a scaler of the manifests asks for is answered.</summary>
    private async Task CheckEndpointsAsync(string silo)
    {
        string[] paths =
        [
            .. Manifests.All.SelectMany(Manifests.Below).Where(node => node.Children.ContainsKey("httpGet")).Select(node => Manifests.Text(node, "httpGet", "path")),
            .. Manifests.All.SelectMany(Manifests.Below).Where(node => node.Children.ContainsKey("valueLocation")).Select(node => new Uri(Manifests.Text(node, "url")).AbsolutePath),
        ];
        Assert.Equal(["/health", "/ready", "/work"], paths.Distinct().Order(StringComparer.Ordinal));
        foreach (var path in paths)
        {
            using var answer = await Http.GetAsync(At(silo, path));
            Assert.True(answer.IsSuccessStatusCode, $"{path} answers {answer.StatusCode}");
        }

        var work = JsonDocument.Parse(await Http.GetStringAsync(At(silo, "/work"))).RootElement;
        Assert.Equal((0, 0), (work.GetProperty("waiting").GetInt32(), work.GetProperty("running").GetInt32()));
    }

    private Uri At(string service, string path) => new($"http://{Here(_compose.AddressOf(service))}:8080{path}");

    private void Lay()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "work"));
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "blobs"));
        var samples = Path.Combine(WorkingTree.Root, "samples");
        foreach (var path in Directory.EnumerateFiles(samples, "*", SearchOption.AllDirectories).Where(path => !Path.GetRelativePath(samples, path).StartsWith("out", StringComparison.Ordinal)))
        {
            var copy = Path.Combine(_folder.FullName, "samples", Path.GetRelativePath(samples, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }

    /// <summary>The same samples, cleaned in this process.</summary>
    private async Task<string> EmbeddedAsync()
    {
        var request = new BatchRequest { PlanPath = Path.Combine(_folder.FullName, "samples/sales.yaml"), OutputDirectory = Path.Combine(_folder.FullName, "embedded") };
        await BatchRunner.RunAsync(request, null, CancellationToken.None);
        return Outputs(Path.Combine(_folder.FullName, "embedded"));
    }

    private static string Outputs(string folder) => string.Join('\n', Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(path => !path.Contains(".orleansclean", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(path => $"{Path.GetRelativePath(folder, path)} {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))}"));

    private Service Start(string name)
    {
        var service = new Service(
            [.. _compose.WordsOf(name).Select(Here)],
            _compose.EnvironmentOf(name).ToDictionary(pair => pair.Key, pair => Here(pair.Value), StringComparer.Ordinal),
            _folder.FullName);
        _running.Add(name, service);
        return service;
    }

    /// <summary>A word of the compose file as it is on this machine.</summary>
    private string Here(string word) => Volumes.Any(volume => word == volume || word.StartsWith(volume + "/", StringComparison.Ordinal))
        ? _folder.FullName + word
        : word
            .Replace("172.28.0.", _network, StringComparison.Ordinal)
            .Replace("/app/node_modules", Path.Combine(WorkingTree.Root, "node_modules"), StringComparison.Ordinal)
            .Replace("/app/OrleansClean.Silo.dll", Built("Silo"), StringComparison.Ordinal)
            .Replace("/app/OrleansClean.Client.dll", Built("Client"), StringComparison.Ordinal);

    /// <summary>A program beside its own libraries, as its image has it: the folder of these tests holds the newest of everybody's.</summary>
    private static string Built(string project)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(WorkingTree.Root, "artifacts", "bin", project, configuration, $"OrleansClean.{project}.dll");
    }

    private async Task UntilHealthyAsync(string service)
    {
        var check = _compose.HealthCheckOf(service);
        Assert.NotEmpty(check);
        await UntilAsync(service, async () =>
        {
            await using var asked = new Service([.. check.Select(Here)], new Dictionary<string, string>(StringComparer.Ordinal), _folder.FullName);
            return await asked.EndAsync(Patience) == 0;
        });
    }

    private Task UntilReadyAsync(string service) => UntilAsync(service, async () =>
    {
        try
        {
            using var answer = await Http.GetAsync(At(service, "/ready"));
            return answer.StatusCode is HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException)
        {
            return false;
        }
    });

    private async Task UntilAsync(string service, Func<Task<bool>> isSo)
    {
        var clock = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.False(_running[service].HasExited, $"{service} ended: {_running[service].Said}");
            Assert.True(clock.Elapsed < Patience, $"{service} is not there after {Patience}: {_running[service].Said}");
            await Task.Delay(50);
        }
    }
}

/// <summary>A test of the compose file; it needs Azurite, and addresses of 127.0.0.0/8 that only Linux has without being asked.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ComposeFactAttribute : FactAttribute
{
    public ComposeFactAttribute() => Skip = Storage.AzureBlobs.Tests.Azurite.WhyNot
        ?? (OperatingSystem.IsLinux() ? null : "Only Linux listens on every address of 127.0.0.0/8.");
}
