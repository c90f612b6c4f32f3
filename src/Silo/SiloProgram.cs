using Orleans.Configuration;
using Orleans.Hosting;
using OrleansClean.Execution;
using OrleansClean.Execution.Hosting;
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
            var store = stores.Open(settings.Store);
            if (store is AzureBlobStore blobs)
            {
                await blobs.PrepareAsync(CancellationToken.None);
            }

            await using var app = Build(settings, store, stores);
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (e is SiloSettingsException or UsageException or StorageException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
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
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Orleans", LogLevel.Warning).AddFilter("OrleansClean", LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(settings.Address, settings.HttpPort));

        // A drain that the host cuts off would lose the reports that it waits for.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Drain + TimeSpan.FromSeconds(15));
        builder.Host.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.Cluster, settings.Cluster));
            silo.Configure<SiloOptions>(options => options.SiloName = settings.Name);
            silo.ConfigureEndpoints(settings.Address, settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: false);
            silo.AddStoreMembership(settings.Cluster, store);
            silo.AddOrleansClean(settings.Cluster, store, stores, new SiloRunnerOptions(settings.Slots, settings.Drain));
        });
        SiloTelemetry.Add(builder.Services, settings);
        var app = builder.Build();
        app.MapGet("/health", () => Results.Text("alive\n"));
        app.MapGet("/ready", (SiloRunner runner) => runner.IsReady
            ? Results.Text("ready\n")
            : Results.Text("not ready: joining or draining\n", statusCode: StatusCodes.Status503ServiceUnavailable));
        app.MapGet("/work", async (QueuedWork work, CancellationToken cancellationToken) => Results.Text($"{await work.CountAsync(cancellationToken)}\n", "application/json"));
        return app;
    }
}
