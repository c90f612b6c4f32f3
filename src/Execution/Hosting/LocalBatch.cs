using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Running;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>What a batch of this process is coordinated with.</summary>
internal sealed record LocalBatchServices(LocalHostOptions Options, IObjectStore Output, BatchSeams Seams, BatchClock Clock, IBatchWatch? Watch, Action Wake);

/// <summary>A batch that this process coordinates, as its worker pool sees it. It opens its journal again after an error of the store.</summary>
internal sealed class LocalBatch : IWorkSource, IAsyncDisposable
{
    private const int ReopenMax = 10;
    private static readonly TimeSpan ReopenAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    private readonly LocalBatchServices _services;
    private readonly CleaningEffects _effects;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lazy<Task> _disposal;
    private readonly CoordinatedWork _work;
    private BatchCoordinator _coordinator;

    private LocalBatch(string id, LocalBatchServices services, CleaningEffects effects, BatchCoordinator coordinator, IReadOnlyList<BatchInput> first)
    {
        _services = services;
        _effects = effects;
        _coordinator = coordinator;
        _disposal = new Lazy<Task>(EndAsync);
        _work = new CoordinatedWork(id, services.Options.OutputRoot, coordinator.Generations);
        Id = id;
        First = first;
        Started = coordinator.Started;
        Ended = Task.Run(SuperviseAsync);
    }

    /// <inheritdoc />
    public string Id { get; }

    /// <summary>The inputs that it was opened with.</summary>
    public IReadOnlyList<BatchInput> First { get; }

    /// <summary>The answers to them.</summary>
    public Task<BatchAnswer[]> Started { get; }

    /// <summary>How far it is.</summary>
    public BatchOverview Overview => Volatile.Read(ref _coordinator).Overview;

    /// <summary>Ends when the batch is done, or cannot be coordinated here any more.</summary>
    public Task Ended { get; }

    /// <summary>Why it cannot be coordinated here any more, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The report that was written here last, or null.</summary>
    public BatchReport? Report => _effects.Report;

    /// <summary>Why the batch could not be listed or finished when that was tried last, or null.</summary>
    public StorageException? FinishFailure => _effects.FinishFailure;

    public static async Task<LocalBatch> OpenAsync(
        string id, LocalBatchServices services, List<BatchInput> first, CancellationToken cancellationToken)
    {
        var options = services.Options;
        var effects = new CleaningEffects(options.Stores, options.OutputRoot, id, options.Workers, services.Seams, services.Clock, services.Watch);
        return new LocalBatch(id, services, effects, await CoordinateAsync(id, services, effects, first, cancellationToken), first);
    }

    public Task<BatchAnswer> SendAsync(BatchInput input, CancellationToken cancellationToken) =>
        Volatile.Read(ref _coordinator).SendAsync(input, cancellationToken);

    /// <inheritdoc />
    public async Task<TakeReply> TakeAsync(TakeRequest request, CancellationToken cancellationToken)
    {
        return await AskAsync(_work.Ask(request), cancellationToken) is { } answer
            ? _work.Reply(answer, Overview)
            : new TakeReply([], request.Held, null, IsOver: true);
    }

    /// <inheritdoc />
    public async Task<ReportReply> ReportAsync(AttemptReport report, CancellationToken cancellationToken) =>
        CoordinatedWork.Heard(await AskAsync(CoordinatedWork.Tell(report), cancellationToken));

    /// <summary>Waits until nothing is about to be published, or the batch has ended, at most for <paramref name="patience"/>.</summary>
    public async Task SettleAsync(TimeSpan patience)
    {
        var started = _services.Seams.Time.GetTimestamp();
        while (!Ended.IsCompleted && IsBusy() && _services.Seams.Time.GetElapsedTime(started) < patience)
        {
            await Task.WhenAny(Ended, Task.Delay(Glance));
        }
    }

    /// <summary>Writes the papers of the batch as it is left here. Only once it is disposed of.</summary>
    public Task<BatchReport> LeaveAsync() => _effects.LeaveAsync(CancellationToken.None);

    /// <summary>Ends it here as <see cref="DisposeAsync"/> does, with a reason.</summary>
    public async Task FailAsync(StorageException reason)
    {
        Failure ??= Ended.IsCompleted ? null : reason;
        await DisposeAsync();
    }

    /// <summary>Whoever calls it waits for the one end.</summary>
    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task EndAsync()
    {
        await _ending.CancelAsync();
        await Ended;
        await _coordinator.DisposeAsync();
        _ending.Dispose();
    }

    private bool IsBusy() => Overview is { Publishing: > 0 } or { Phase: BatchPhase.Finishing };

    private static void Observe(BatchEvent happened, LocalBatchServices services)
    {
        if (happened is BatchEvent.StopRequested)
        {
            // Attempts that nobody wants any more are told at once.
            services.Wake();
        }

        services.Watch?.Happened(happened);
    }

    /// <summary>The answer; null if there will be none, because the batch has ended here.</summary>
    private async Task<BatchAnswer?> AskAsync(BatchInput input, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(input, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever ended the coordinator is told to those who wait for the batch; a worker asks again or is done with it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Ended.IsCompleted ? null : throw new WorkUnavailableException($"The batch {Id} does not answer: {e.Message}", e);
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

    private static Task<BatchCoordinator> CoordinateAsync(
        string id, LocalBatchServices services, CleaningEffects effects, List<BatchInput> first, CancellationToken cancellationToken) => BatchCoordinator.OpenAsync(
            services.Output,
            HostingNames.Journal(id),
            effects,
            CoordinatorSeams.Real(services.Seams.Time),
            new CoordinatorStart(first, happened => Observe(happened, services)),
            cancellationToken);

    private async Task<bool> ReopenAsync()
    {
        try
        {
            await Task.Delay(ReopenAfter, _services.Seams.Time, _ending.Token);
            var old = _coordinator;
            Volatile.Write(ref _coordinator, await CoordinateAsync(Id, _services, _effects, [], _ending.Token));
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
