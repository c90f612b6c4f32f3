using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OrleansClean.Storage.AzureBlobs.Tests;

/// <summary>
/// Azurite on a free port of this machine, started with the first test that needs it. It ends with this process, however that
/// ends, because it watches its standard input.
/// </summary>
public sealed class Azurite : IAsyncLifetime
{
    private const string Account = "devstoreaccount1";

    // The well-known key of the emulator; it opens nothing else.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private const string WatchInput = "process.stdin.on('end',()=>process.exit(0)).on('error',()=>process.exit(0)).resume();";
    private static readonly string? Program = FindProgram();

    private Process? _process;
    private int _port;

    /// <summary>Why it cannot run here; null if it can.</summary>
    public static string? WhyNot { get; } = Program is null
        ? "Azurite is not installed: run 'npm ci' at the repository's root."
        : HasNode() ? null : "Azurite needs Node.js: 'node --version' did not run.";

    /// <summary>How to connect.</summary>
    public string ConnectionString => ConnectionStringOf(_port);

    /// <summary>The port of its blob service.</summary>
    public int Port => _port;

    /// <summary>How to connect through something that listens on another port.</summary>
    public static string ConnectionStringOf(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{port.ToString(System.Globalization.CultureInfo.InvariantCulture)}/{Account};";

    public async Task InitializeAsync()
    {
        if (WhyNot is not null)
        {
            return;
        }

        // Between finding a free port and listening on it someone else may take it.
        for (var tries = 3; _process is null; tries--)
        {
            _port = FreePort();
            _process = await TryStartAsync(_port);
            Assert.True(_process is not null || tries > 1, "Azurite did not start.");
        }
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }

    private static async Task<Process?> TryStartAsync(int port)
    {
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in new[]
        {
            "-e", WatchInput + "require(process.argv[1])", Program!,
            "--blobPort", port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent",
        })
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        var listens = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);

        // Read to the end, because a pipe that fills up would stop it.
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null || line.Data.Contains("successfully listen", StringComparison.Ordinal))
            {
                listens.TrySetResult(line.Data is not null);
            }
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        if (await listens.Task)
        {
            return process;
        }

        await process.WaitForExitAsync();
        process.Dispose();
        return null;
    }

    private static string? FindProgram()
    {
        var program = Path.Combine(WorkingTree.Root, "node_modules", "azurite", "dist", "src", "blob", "main.js");
        return File.Exists(program) ? program : null;
    }

    private static bool HasNode()
    {
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true, UseShellExecute = false })!;
            node.WaitForExit();
            return node.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Tests that share one Azurite; each has a container of its own.</summary>
[CollectionDefinition(Name)]
public sealed class AzuriteGroup : ICollectionFixture<Azurite>
{
    public const string Name = "Azurite";
}
