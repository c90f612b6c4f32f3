using System.Net.Sockets;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansClean.Execution;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Logging;
using OrleansClean.Silo.Running;
using OrleansClean.Storage;
using OrleansClean.Storage.AzureBlobs;
using OrleansClean.Stores;

namespace OrleansClean.Silo;

/// <summary>The silo's process.</summary>
internal static class SiloProgram
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--help" or "-h"])
        {
            Console.WriteLine(SiloSettings.Help);
            return 0;
        }

        try
        {
            var settings = SiloSettings.Read(args, Environment.GetEnvironmentVariable);
            var stores = ClusterStores.FromEnvironment();
            var store = stores.Open(ClusterStores.Full(settings.Store));
            if (store is AzureBlobStore blobs)
            {
                await blobs.PrepareAsync(CancellationToken.None);
            }

            await using var app = Build(settings, store, stores);
            return await RunAsync(app);
        }
        catch (Exception e) when (e is SiloSettingsException or UsageException or StorageException or IOException or SocketException)
        {
            await Console.Error.WriteLineAsync(VisibleWriter.Show(e.Message));
            return 2;
        }
    }

    private static async Task<int> RunAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is not (IOException or SocketException or StorageException))
        {
            // It could not join, for instance. Whatever it is, the process ends, and what runs it starts it again.
            await Console.Error.WriteLineAsync($"The silo could not start: {e}");
            await app.StopAsync();
            return 1;
        }

        await app.WaitForShutdownAsync();
        return 0;
    }

    private static WebApplication Build(SiloSettings settings, IObjectStore store, IStoreDirectory stores)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Orleans", LogLevel.Warning).AddFilter("OrleansClean", LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Polly", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(settings.Address, settings.HttpPort));

        builder.Services.Configure<HostOptions>(host =>
        {
            // A drain that the host cuts off would lose the reports that it waits for.
            host.ShutdownTimeout = settings.Drain + TimeSpan.FromSeconds(15);

            // A silo that waits to join is alive already: its health must be answered meanwhile.
            host.ServicesStartConcurrently = true;
        });

        // What is first stops last: the spans of a drain are still sent.
        SiloTelemetry.Add(builder.Services, settings);
        builder.Host.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.Cluster, settings.Cluster));
            silo.Configure<SiloOptions>(options => options.SiloName = settings.Name);
            silo.ConfigureEndpoints(settings.Address, settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: false);
            silo.AddStoreMembership(settings.Cluster, store);
            silo.AddOrleansClean(settings.Cluster, store, stores, new SiloRunnerOptions(settings.Slots, settings.Drain));
        });
        builder.Services.AddHostedService<SiloDrain>();
        var app = builder.Build();
        app.MapGet("/health", () => Results.Text("alive\n"));
        app.MapGet("/ready", (SiloRunner runner) => runner.IsReady
            ? Results.Text("ready\n")
            : Results.Text("not ready: joining or draining\n", statusCode: StatusCodes.Status503ServiceUnavailable));
        app.MapGet("/work", async (QueuedWork work, CancellationToken cancellationToken) => Results.Text($"{await work.CountAsync(cancellationToken)}\n", "application/json"));
        return app;
    }
}
