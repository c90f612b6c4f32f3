using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>A silo as a real process on loopback, on ports that it keeps when it is started again.</summary>
internal sealed class SiloProcess(string cluster, string store, string name, int slots = 2, string? blobs = null) : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly int[] _ports = FreePorts(3);
    private readonly ConcurrentQueue<string> _said = new();
    private Process? _process;

    public string Name => name;

    /// <summary>The worker's name in the journal.</summary>
    public string Worker => string.Create(CultureInfo.InvariantCulture, $"{name}@127.0.0.1:{_ports[0]}");

    public string Said => string.Join('\n', _said);

    public bool HasExited => _process is not { HasExited: false };

    public int ExitCode => _process!.ExitCode;

    public SiloProcess Start()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] words =
        [
            Path.Combine(AppContext.BaseDirectory, "OrleansClean.Silo.dll"),
            "--cluster", cluster, "--store", store, "--name", name,
            "--silo-port", Text(_ports[0]), "--gateway-port", Text(_ports[1]), "--http-port", Text(_ports[2]), "--slots", Text(slots),
        ];
        Array.ForEach(words, start.ArgumentList.Add);
        if (blobs is not null)
        {
            start.Environment["ORLEANSCLEAN_BLOBS_TESTS"] = blobs;
        }

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        return this;
    }

    public async Task<SiloProcess> ReadyAsync()
    {
        var started = Stopwatch.StartNew();
        while (await HttpAsync("ready") is not HttpStatusCode.OK)
        {
            Assert.False(HasExited, $"{name} ended: {Said}");
            Assert.True(started.Elapsed < Patience, $"{name} is not ready after {Patience}: {Said}");
            await Task.Delay(50);
        }

        return this;
    }

    public async Task<HttpStatusCode?> HttpAsync(string path)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{_ports[2]}/{path}"));
            return answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>Ends it at once: SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, and waits: SIGTERM.</summary>
    public async Task TerminateAsync()
    {
        Signal("TERM");
        using var patience = new CancellationTokenSource(Patience);
        await _process!.WaitForExitAsync(patience.Token);
    }

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Text(_process!.Id)]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            await KillAsync();
        }

        _process?.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(listener => listener.Stop());
        return ports;
    }
}
