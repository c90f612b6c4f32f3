using System.Collections.Concurrent;
using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Running;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>A batch that this process coordinates, as its worker pool sees it. It opens its journal again after an error of the store.</summary>
internal sealed class LocalBatch : IWorkSource, IAsyncDisposable
{
    private const int ReopenMax = 10;
    private static readonly TimeSpan ReopenAfter = TimeSpan.FromMilliseconds(500);

    private readonly LocalHostOptions _options;
    private readonly IObjectStore _output;
    private readonly BatchSeams _seams;
    private readonly CleaningEffects _effects;
    private readonly CancellationTokenSource _ending = new();
    private BatchCoordinator _coordinator;

    private LocalBatch(LocalHostOptions options, string id, IObjectStore output, BatchSeams seams, CleaningEffects effects, BatchCoordinator coordinator)
    {
        _options = options;
        _output = output;
        _seams = seams;
        _effects = effects;
        _coordinator = coordinator;
        Id = id;
        Ended = Task.Run(SuperviseAsync);
    }

    /// <inheritdoc />
    public string Id { get; }

    /// <summary>How far it is.</summary>
    public BatchOverview Overview => Volatile.Read(ref _coordinator).Overview;

    /// <summary>Ends when the batch is done, or cannot be coordinated here any more.</summary>
    public Task Ended { get; }

    /// <summary>Why it cannot be coordinated here any more, or null.</summary>
    public Exception? Failure { get; private set; }

    public static async Task<LocalBatch> OpenAsync(
        LocalHostOptions options, string id, IObjectStore output, BatchSeams seams, CancellationToken cancellationToken)
    {
        var effects = new CleaningEffects(options.Stores, options.OutputRoot, id, options.Workers, seams);
        var coordinator = await BatchCoordinator.OpenAsync(output, HostingNames.Journal(id), effects, seams.Time, cancellationToken);
        return new LocalBatch(options, id, output, seams, effects, coordinator);
    }

    public Task<BatchAnswer> SendAsync(BatchInput input, CancellationToken cancellationToken) =>
        Volatile.Read(ref _coordinator).SendAsync(input, cancellationToken);

    /// <inheritdoc />
    public async Task<TakeReply> TakeAsync(TakeRequest request, CancellationToken cancellationToken)
    {
        var take = new BatchInput.Take(request.Worker, request.Sequence, request.FreeSlots, request.Held) { At = default };
        var work = await AskAsync(take, cancellationToken) as BatchAnswer.Work ?? new BatchAnswer.Work([], []);
        var overview = Overview;
        var place = overview is { Body: { } body, Listing: { } listing } ? new BatchPlace(Id, _options.OutputRoot, body, listing) : null;
        return new TakeReply(work.Attempts, work.Stop, place, overview.Phase is BatchPhase.Finishing or BatchPhase.Done);
    }

    /// <inheritdoc />
    public async Task<ReportReply> ReportAsync(AttemptReport report, CancellationToken cancellationToken) =>
        new(await AskAsync(new BatchInput.Report(report.Attempt, report.ToOutcome()) { At = default }, cancellationToken)
            is BatchAnswer.Reported { Counted: true });

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Ended;
        await _coordinator.DisposeAsync();
        _ending.Dispose();
    }

    private async Task<BatchAnswer> AskAsync(BatchInput input, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(input, cancellationToken);
        }
        catch (Exception e) when (e is FencedException or StorageException)
        {
            throw new WorkUnavailableException($"The batch {Id} does not answer: {e.Message}", e);
        }
    }

    private async Task SuperviseAsync()
    {
        for (var reopened = 0; ; reopened++)
        {
            try
            {
                await _coordinator.Completion.WaitAsync(_ending.Token);
                return;
            }
            catch (StorageException) when (reopened < ReopenMax && !_ending.IsCancellationRequested)
            {
                // What is true is in the journal; it is read again.
            }
            catch (OperationCanceledException) when (_ending.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whoever waits for the batch is told.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Failure = e;
                return;
            }

            if (!await ReopenAsync())
            {
                return;
            }
        }
    }

    private async Task<bool> ReopenAsync()
    {
        try
        {
            await Task.Delay(ReopenAfter, _seams.Time, _ending.Token);
            var old = _coordinator;
            Volatile.Write(ref _coordinator, await BatchCoordinator.OpenAsync(_output, HostingNames.Journal(Id), _effects, _seams.Time, _ending.Token));
            await old.DisposeAsync();
            return true;
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e) when (e is StorageException or FencedException or JournalDamagedException)
        {
            Failure = e;
            return false;
        }
    }
}

/// <summary>The batches that this process coordinates now.</summary>
internal sealed class OpenLocalBatches : IOpenBatches, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, LocalBatch> _open = new(StringComparer.Ordinal);

    /// <summary>The batch, or null; one that has ended counts no more.</summary>
    public LocalBatch? Find(string id) => _open.TryGetValue(id, out var batch) && !batch.Ended.IsCompleted ? batch : null;

    public void Add(LocalBatch batch) => _open[batch.Id] = batch;

    public Task<IReadOnlyList<IWorkSource>> FindAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IWorkSource>>([.. _open.Values.Where(batch => !batch.Ended.IsCompleted)]);

    public async ValueTask DisposeAsync()
    {
        foreach (var batch in _open.Values)
        {
            await batch.DisposeAsync();
        }
    }
}
