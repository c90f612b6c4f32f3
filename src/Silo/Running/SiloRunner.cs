using System.Globalization;
using Orleans;
using Orleans.Runtime;
using OrleansClean.Execution.Hosting;
using OrleansClean.Grains.Running;

namespace OrleansClean.Silo.Running;

/// <summary>
/// A silo's runner: a worker pool that begins when the silo is active and drains while its grains can still be called. It asks for
/// work; nobody gives it any.
/// </summary>
#pragma warning disable CA1001 // The silo's lifecycle ends the pool: while grains can still be called, which is before services are disposed of.
internal sealed partial class SiloRunner(
    OpenGrainBatches batches,
    CleaningFloor floor,
    ILocalSiloDetails silo,
    SiloRunnerOptions options,
    TimeProvider time,
    ILogger<SiloRunner> logger) : ILifecycleParticipant<ISiloLifecycle>
#pragma warning restore CA1001
{
    private WorkerPool? _pool;

    /// <summary>True while this silo takes work.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Attempts that are queued or under way.</summary>
    public int Busy => _pool?.Busy ?? 0;

    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(SiloRunner), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    /// <summary>The silo that a worker's name speaks of, without its generation; null if it is none.</summary>
    public static string? EndpointOf(string worker) => worker.LastIndexOf('@') is >= 0 and var at ? worker[(at + 1)..] : null;

    /// <summary>Asks for no more, gives back what is under way, and returns when all of it is reported. Again, it does nothing.</summary>
    public async Task DrainAsync()
    {
        if (!IsReady || _pool is not { } pool)
        {
            return;
        }

        IsReady = false;
        LogDraining(pool.Busy);
        await pool.StopAsync(options.Drain);
        LogDrained();
    }

    private Task StartAsync(CancellationToken cancellationToken)
    {
        var address = silo.SiloAddress;
        var name = string.Create(CultureInfo.InvariantCulture, $"{silo.Name}@{address.Endpoint}");
        _pool = new WorkerPool(
            new WorkerPoolOptions { Name = name, Generation = address.Generation, Slots = options.Slots },
            batches,
            floor,
            time);
        _pool.Start();
        ClusterTelemetry.Count(this, () => options.Slots, () => Busy);
        IsReady = true;
        LogStarted(name, options.Slots);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await DrainAsync();
        ClusterTelemetry.Forget(this);
        if (_pool is { } pool)
        {
            await pool.DisposeAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Worker} takes work, {Slots} files at a time.")]
    private partial void LogStarted(string worker, int slots);

    [LoggerMessage(Level = LogLevel.Information, Message = "Coordinating batch {Batch}.")]
    internal partial void LogCoordinating(string batch);

    [LoggerMessage(Level = LogLevel.Information, Message = "Draining: {Busy} files are given back or reported.")]
    private partial void LogDraining(int busy);

    [LoggerMessage(Level = LogLevel.Information, Message = "Drained.")]
    private partial void LogDrained();
}

/// <summary>How a silo's runner works.</summary>
/// <param name="Slots">Files cleaned side by side.</param>
/// <param name="Drain">How long a stopping silo waits for its last reports.</param>
internal sealed record SiloRunnerOptions(int Slots, TimeSpan Drain);
