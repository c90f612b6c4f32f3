using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>
/// A silo as a real process on loopback, on ports that it keeps when it is started again. One that ends by itself, because on a busy machine the others
/// took it for dead, is started again, as whatever runs silos does; <see cref="LeaveAlone"/> ends that.
/// </summary>
internal sealed class SiloProcess(string cluster, string store, string name, int slots = 2, string? blobs = null, string? otlp = null) : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private const int RestartsMax = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly int[] _ports = FreePorts(3);
    private readonly ConcurrentQueue<string> _said = new();
    private readonly Lock _lock = new();
    private Process? _process;
    private bool _isLeftAlone;

    /// <summary>How often it ended by itself.</summary>
    public int Restarts { get; private set; }

    public string Name => name;

    /// <summary>The folder of the program that the next start runs.</summary>
    public string Program { get; set; } = AppContext.BaseDirectory;

    /// <summary>The worker's name in the journal.</summary>
    public string Worker => string.Create(CultureInfo.InvariantCulture, $"{name}@127.0.0.1:{_ports[0]}");

    public string Said => string.Join('\n', _said);

    public bool HasSaid(string text) => _said.Any(line => line.Contains(text, StringComparison.Ordinal));

    public bool HasExited
    {
        get
        {
            lock (_lock)
            {
                return _process is not { HasExited: false };
            }
        }
    }

    public int ExitCode => _process!.ExitCode;

    public SiloProcess Start()
    {
        lock (_lock)
        {
            _isLeftAlone = false;
            StartProcess();
            return this;
        }
    }

    /// <summary>From now on it is not started again by itself.</summary>
    public void LeaveAlone()
    {
        lock (_lock)
        {
            _isLeftAlone = true;
        }
    }

    private void StartProcess()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] words =
        [
            Path.Combine(Program, "OrleansClean.Silo.dll"),
            "--cluster", cluster, "--store", store, "--name", name,
            "--silo-port", Text(_ports[0]), "--gateway-port", Text(_ports[1]), "--http-port", Text(_ports[2]), "--slots", Text(slots),
        ];
        Array.ForEach(words, start.ArgumentList.Add);
        if (otlp is not null)
        {
            start.ArgumentList.Add("--otlp");
            start.ArgumentList.Add(otlp);
        }

        if (blobs is not null)
        {
            start.Environment["ORLEANSCLEAN_BLOBS_TESTS"] = blobs;
        }

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.Exited += (_, _) => StartAgain(process);
        process.OutputDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
    }

    private void StartAgain(Process ended)
    {
        lock (_lock)
        {
            if (_isLeftAlone || !ReferenceEquals(ended, _process) || Restarts == RestartsMax)
            {
                return;
            }

            Restarts++;
            StartProcess();
        }
    }

    public async Task<SiloProcess> ReadyAsync()
    {
        await UntilAsync("ready", HttpStatusCode.OK);
        return this;
    }

    /// <summary>Waits until a question about its health is answered like this.</summary>
    public async Task UntilAsync(string path, HttpStatusCode answer)
    {
        var started = Stopwatch.StartNew();
        while (await HttpAsync(path) != answer)
        {
            Assert.False(_isLeftAlone && HasExited, $"{name} ended: {Said}");
            Assert.True(started.Elapsed < Patience, $"{name} does not answer {path} with {answer} after {Patience}: {Said}");
            await Task.Delay(50);
        }
    }

    /// <summary>Waits until it has ended.</summary>
    public async Task ExitAsync()
    {
        LeaveAlone();
        using var patience = new CancellationTokenSource(Patience);
        await _process!.WaitForExitAsync(patience.Token);
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
        LeaveAlone();
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, and waits: SIGTERM.</summary>
    public async Task TerminateAsync()
    {
        LeaveAlone();
        Signal("TERM");
        await ExitAsync();
    }

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Text(_process!.Id)]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        LeaveAlone();
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
