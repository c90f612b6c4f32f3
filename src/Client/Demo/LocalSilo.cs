using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansClean.Execution;

namespace OrleansClean.Client.Demo;

/// <summary>A silo as a process on loopback. It ends with this object, whatever happens.</summary>
internal sealed class LocalSilo : IAsyncDisposable
{
    private const string Program = "OrleansClean.Silo.dll";
    private const string PlaceVariable = "ORLEANSCLEAN_SILO";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    private readonly Process _process;
    private readonly int _httpPort;
    private readonly string _log;

    private LocalSilo(string name, Process process, int httpPort, string log)
    {
        Name = name;
        _process = process;
        _httpPort = httpPort;
        _log = log;
    }

    public string Name { get; }

    /// <summary>
    /// Starts one. Its log goes into a file beside the store. Throws <see cref="UsageException"/> if the silo's program is not found.
    /// </summary>
    public static LocalSilo Start(string cluster, string store, string name)
    {
        var ports = FreePorts(3);
        var log = $"{store}-{name}.log";
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] words =
        [
            Find(), "--cluster", cluster, "--store", store, "--name", name, "--slots", "1",
            "--silo-port", Text(ports[0]), "--gateway-port", Text(ports[1]), "--http-port", Text(ports[2]),
        ];
        Array.ForEach(words, start.ArgumentList.Add);
        var process = new Process { StartInfo = start };
        var writer = TextWriter.Synchronized(new StreamWriter(log) { AutoFlush = true });
        process.OutputDataReceived += (_, line) => writer.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => writer.WriteLine(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new LocalSilo(name, process, ports[2], log);
    }

    /// <summary>Waits until it takes work. Throws <see cref="IOException"/> if it does not.</summary>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (!await IsReadyAsync(cancellationToken))
        {
            if (_process.HasExited || waited.Elapsed > Patience)
            {
                throw new IOException($"{Name} did not start: {await File.ReadAllTextAsync(_log, cancellationToken)}");
            }

            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>Ends it at once: SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_httpPort}/ready")), cancellationToken);
            return answer.StatusCode is HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>The silo's program: beside this one, in a folder of its own beside this one's, or where the build puts it.</summary>
    private static string Find()
    {
        var here = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var above = Path.GetDirectoryName(here) ?? here;
        string?[] places =
        [
            Environment.GetEnvironmentVariable(PlaceVariable),
            here,
            Path.Combine(above, "silo"),
            Path.Combine(Path.GetDirectoryName(above) ?? above, "Silo", Path.GetFileName(here)),
        ];
        return places.OfType<string>().Select(place => Path.Combine(place, Program)).FirstOrDefault(File.Exists)
            ?? throw new UsageException($"{Program} is not near {here}. Build it with: OrleansMode=present dotnet build src/Silo; or name its folder in {PlaceVariable}.");
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
