namespace OrleansClean.Silo.Running;

/// <summary>
/// Drains before anything else of the process stops: meanwhile it still says that it is alive and not ready, and the silo can still
/// be called. The silo's own stop would come after the web server's.
/// </summary>
internal sealed class SiloDrain(SiloRunner runner) : IHostedLifecycleService
{
    public Task StoppingAsync(CancellationToken cancellationToken) => runner.DrainAsync();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
