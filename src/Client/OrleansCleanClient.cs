using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Messaging;
using OrleansClean.Batches;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Hosting.Works;
using OrleansClean.Grains;
using OrleansClean.Grains.Membership;
using OrleansClean.Grains.Registry;
using OrleansClean.Grains.Wire;
using OrleansClean.Storage;

namespace OrleansClean.Client;

/// <summary>
/// Runs batches on a cluster: <see cref="IBatchHost"/> over grains. Every request is idempotent, so it is sent again until somebody answers: a
/// silo that dies, moves a batch or hangs costs seconds and no request.
/// </summary>
public sealed class OrleansCleanClient : IBatchHost, IWorkHost, IAsyncDisposable
{
    private static readonly TimeSpan CallMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GatewayRefresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseFirst = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);

    private readonly IHost? _host;
    private readonly IGrainFactory _grains;
    private readonly ClusterRegistry _registry;
    private readonly IStoreDirectory _stores;
    private readonly TimeSpan _patience;

    internal OrleansCleanClient(IHost? host, IGrainFactory grains, ClusterRegistry registry, IStoreDirectory stores, TimeSpan patience)
    {
        _host = host;
        _grains = grains;
        _registry = registry;
        _stores = stores;
        _patience = patience;
    }

    /// <summary>
    /// Connects to the cluster <paramref name="cluster"/> that keeps itself in <paramref name="store"/>. Waits for a silo as long as
    /// <paramref name="patience"/>, which is also how long a request is repeated before it is answered as unavailable. Throws
    /// <see cref="TimeoutException"/> if there is none.
    /// </summary>
    public static async Task<OrleansCleanClient> ConnectAsync(
        string cluster, IObjectStore store, IStoreDirectory stores, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleansClient(client =>
        {
            client.AddOrleansCleanWire();
            client.Services.AddSingleton<IGatewayListProvider>(
                new StoreGateways(new MembershipStore(store, MembershipStore.NameFor(cluster), TimeProvider.System), GatewayRefresh));
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, cluster));

            // A frozen gateway is kept until the list is read again, and calls through it hang until their time is over.
            client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = GatewayRefresh);
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = CallMax);
            client.UseConnectionRetryFilter(async (_, token) =>
            {
                await Task.Delay(PauseMax, CancellationToken.None);
                return !token.IsCancellationRequested && !limit.IsCancellationRequested;
            });
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync(limit.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            host.Dispose();
            throw new TimeoutException(
                $"No silo of the cluster '{cluster}' answers. Start one with the same --cluster and --store, or look whether {store.Locate(MembershipStore.NameFor(cluster))} is theirs.", e);
        }

        return new OrleansCleanClient(host, host.Services.GetRequiredService<IGrainFactory>(), new ClusterRegistry(store, cluster), stores, patience);
    }

    /// <inheritdoc />
    public async Task<HostReply> SubmitAsync(BatchSubmission submission, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(submission);
        if (WireTypes.IsShort(submission))
        {
            return await AskAsync(submission.Id, batch => batch.Submit(submission), cancellationToken);
        }

        try
        {
            // A long plan, or many names of inputs: messages stay short.
            var place = await _registry.LeaveAsync(submission, cancellationToken);
            return await AskAsync(submission.Id, batch => batch.SubmitFrom(place), cancellationToken);
        }
        catch (StorageException e)
        {
            return new HostReply(HostOutcome.Unavailable, e.Message);
        }
    }

    /// <inheritdoc />
    public IStoreDirectory Stores => _stores;

    /// <inheritdoc />
    public async Task<HostReply> SubmitWorkAsync(string id, WorkSubmission submission, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(submission);
        try
        {
            var place = await _registry.LeaveAsync(submission, cancellationToken);
            return await AskAsync(id, batch => batch.SubmitFrom(place), cancellationToken);
        }
        catch (StorageException e)
        {
            return new HostReply(HostOutcome.Unavailable, e.Message);
        }
    }

    /// <inheritdoc />
    public Task<StatusReply> WaitForWorkAsync(string id, TimeSpan patience, CancellationToken cancellationToken) => WaitAsync(id, patience, cancellationToken);

    /// <inheritdoc />
    public Task<HostReply> RetryWorkAsync(string id, CancellationToken cancellationToken) => RetryAsync(id, cancellationToken);

    /// <inheritdoc />
    public async Task<StatusReply> StatusAsync(string batchId, CancellationToken cancellationToken) =>
        await RepeatAsync(batchId, batch => batch.Status(), reply => reply.Outcome, cancellationToken)
        ?? new StatusReply(HostOutcome.Unavailable, NoAnswer(batchId), null);

    /// <inheritdoc />
    public async Task<StatusReply> WaitAsync(string batchId, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var pause = PauseFirst;
        while (true)
        {
            var status = await StatusAsync(batchId, cancellationToken);
            var left = patience - TimeProvider.System.GetElapsedTime(started);
            if (status.IsDone || status.Outcome is HostOutcome.Missing || left <= TimeSpan.Zero)
            {
                return status;
            }

            await Task.Delay(pause < left ? pause : left, cancellationToken);
            pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
        }
    }

    /// <inheritdoc />
    public Task<HostReply> CancelAsync(string batchId, CancellationToken cancellationToken) => AskAsync(batchId, batch => batch.Cancel(), cancellationToken);

    /// <inheritdoc />
    public Task<HostReply> RetryAsync(string batchId, CancellationToken cancellationToken) => AskAsync(batchId, batch => batch.Retry(), cancellationToken);

    /// <inheritdoc />
    public async Task<HostReply> ResumeAsync(string batchId, CancellationToken cancellationToken)
    {
        // An open batch needs nobody: the silos find it in the store.
        var status = await StatusAsync(batchId, cancellationToken);
        return new HostReply(status.Outcome, status.Message);
    }

    /// <inheritdoc />
    public async Task<ListReply> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var open = (await _registry.ListOpenAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
            var batches = (await _registry.ListAsync(cancellationToken)).Take(ListReply.BatchesMax)
                .Select(batch => new ListedBatch(batch.Id, batch.PlanName, batch.SubmittedAt, !open.Contains(batch.Id)) { Kind = batch.Kind });
            return new ListReply(HostOutcome.Known, "", [.. batches]);
        }
        catch (StorageException e)
        {
            return new ListReply(HostOutcome.Unavailable, e.Message, []);
        }
    }

    /// <inheritdoc />
    public async Task<Stream?> OpenAsync(string batchId, BatchPaper paper, string? input, CancellationToken cancellationToken)
    {
        if (await _registry.FindAsync(batchId, cancellationToken) is not { } batch)
        {
            return null;
        }

        var store = _stores.Open(batch.OutputRoot);
        if (batch.Kind is WorkKind.CleanFiles)
        {
            return await BatchPapers.OpenAsync(store, batchId, paper, input, cancellationToken);
        }

        return paper is BatchPaper.Report && await store.ReadDocumentAsync(WorkNames.Report(batch.Kind, batchId), cancellationToken) is { } report
            ? new MemoryStream(report.Content.ToArray())
            : null;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_host is { } host)
        {
            await host.StopAsync();
            host.Dispose();
        }
    }

    private static string NoAnswer(string batchId) =>
        $"The cluster does not answer for batch {batchId}; whether it happened is not known. Ask the same again.";

    private async Task<HostReply> AskAsync(string batchId, Func<IBatchGrain, Task<HostReply>> call, CancellationToken cancellationToken) =>
        await RepeatAsync(batchId, call, reply => reply.Outcome, cancellationToken) ?? new HostReply(HostOutcome.Unavailable, NoAnswer(batchId));

    /// <summary>Asks until somebody answers; null if nobody did.</summary>
    private async Task<T?> RepeatAsync<T>(
        string batchId, Func<IBatchGrain, Task<T>> call, Func<T, HostOutcome> outcome, CancellationToken cancellationToken)
        where T : class
    {
        GrainCall.Begin();
        var started = TimeProvider.System.GetTimestamp();
        var pause = PauseFirst;
        T? last = null;
        do
        {
            try
            {
                last = await call(_grains.GetGrain<IBatchGrain>(batchId)).WaitAsync(CallMax, cancellationToken);
                if (outcome(last) is not HostOutcome.Unavailable)
                {
                    return last;
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
#pragma warning disable CA1031 // A silo that dies, a gateway that hangs and a grain that moves throw a dozen types; each means: unknown, ask again.
            catch (Exception)
#pragma warning restore CA1031
            {
                // Asked again below.
            }

            await Task.Delay(pause, cancellationToken);
            pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
        }
        while (TimeProvider.System.GetElapsedTime(started) < _patience);

        return last;
    }
}
