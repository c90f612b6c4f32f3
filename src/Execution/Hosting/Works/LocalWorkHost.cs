using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Running;

namespace OrleansClean.Execution.Hosting.Works;

/// <summary>
/// Does one piece of work in this process, over a journal that survives it: kill it anywhere, and the same submission goes on. The output root is held
/// meanwhile; a second process is refused.
/// </summary>
/// <param name="stores">The stores that this process may touch.</param>
/// <param name="attempts">Does the work of an item.</param>
/// <param name="slots">Items at once.</param>
internal sealed class LocalWorkHost(IStoreDirectory stores, IAttemptExecutor attempts, int slots) : IWorkHost, IAsyncDisposable
{
    private static readonly TimeProvider Time = BatchSeams.Real.Time;

    private string _outputRoot = "";
    private HeldRoot? _held;
    private BatchCoordinator? _coordinator;
    private WorkerPool? _pool;

    /// <inheritdoc />
    public IStoreDirectory Stores => stores;

    /// <summary>How long what is under way is given back at the end.</summary>
    public TimeSpan GivingBack { get; init; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc />
    public async Task<HostReply> SubmitWorkAsync(string id, WorkSubmission submission, CancellationToken cancellationToken)
    {
        var accepted = submission.Accept(id);
        var output = stores.Open(submission.OutputRoot);
        _held = new HeldRoot(output, submission.OutputRoot, BatchSeams.Real, _ => Task.CompletedTask);
        await _held.TakeAsync(id, cancellationToken);
        var effects = WorkEffects.Of(submission.Kind, stores, submission.OutputRoot, id, accepted.Spec.BodyHash, slots);
        _coordinator = await BatchCoordinator.OpenAsync(output, WorkNames.Journal(submission.Kind, id), effects, Time, cancellationToken);
        if (_coordinator.Overview.Id is null)
        {
            await accepted.WriteAsync(output, cancellationToken);
            if (await _coordinator.SendAsync(new BatchInput.Submit(accepted.Spec) { At = default }, cancellationToken) is BatchAnswer.Refused refused)
            {
                return new HostReply(HostOutcome.Conflict, refused.Reason);
            }
        }
        else if (_coordinator.Overview.Body != accepted.Document.Value)
        {
            return new HostReply(HostOutcome.Conflict, $"Work {id} exists with another body. Choose another id.");
        }

        // Finished work stays so until its failures are taken up: a pool that asks would be told that there is nothing to do, for ever.
        if (_coordinator.Overview.Phase is not BatchPhase.Done)
        {
            Start(id, submission.OutputRoot);
        }

        _outputRoot = submission.OutputRoot;
        return HostReply.Accepted;
    }

    /// <inheritdoc />
    public async Task<StatusReply> WaitForWorkAsync(string id, TimeSpan patience, CancellationToken cancellationToken)
    {
        var coordinator = Coordinator;
        if (coordinator.Overview.Phase is not BatchPhase.Done)
        {
            try
            {
                await coordinator.Completion.WaitAsync(patience, Time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // It is not done yet.
            }

            _held!.ThrowIfLost();
        }

        return new StatusReply(HostOutcome.Known, "", coordinator.Overview);
    }

    /// <inheritdoc />
    public async Task<HostReply> RetryWorkAsync(string id, CancellationToken cancellationToken)
    {
        await Coordinator.SendAsync(new BatchInput.RetryFailed { At = default }, cancellationToken);
        if (_pool is null)
        {
            Start(id, _outputRoot);
        }

        return HostReply.Accepted;
    }

    /// <summary>Gives back what is under way, so that the next process need not wait for anybody's lease.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_pool is not null)
            {
                await _pool.StopAsync(GivingBack);
                await _pool.DisposeAsync();
            }
        }
        finally
        {
            await LetGoAsync();
        }
    }

    private async Task LetGoAsync()
    {
        try
        {
            if (_coordinator is not null)
            {
                await _coordinator.DisposeAsync();
            }
        }
        finally
        {
            if (_held is not null)
            {
                await _held.DisposeAsync();
            }
        }
    }

    private BatchCoordinator Coordinator => _coordinator ?? throw new InvalidOperationException("Nothing was submitted yet.");

    private void Start(string id, string outputRoot)
    {
        _pool = new WorkerPool(
            new WorkerPoolOptions
            {
                Name = Environment.MachineName,
                Generation = Time.GetUtcNow().ToUnixTimeMilliseconds(),
                Slots = slots,
            },
            new CoordinatedSource(id, outputRoot, Coordinator),
            attempts,
            Time);
        _pool.Start();
    }

    /// <summary>The one piece of work that this process coordinates, as its worker pool sees it.</summary>
    private sealed class CoordinatedSource(string id, string outputRoot, BatchCoordinator coordinator) : IWorkSource, IOpenBatches
    {
        private readonly CoordinatedWork _work = new(id, outputRoot, coordinator.Generations);

        public string Id => id;

        public Task<IReadOnlyList<IWorkSource>> FindAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<IWorkSource>>(coordinator.Completion.IsCompleted ? [] : [this]);

        public async Task<TakeReply> TakeAsync(TakeRequest request, CancellationToken cancellationToken) =>
            _work.Reply(await AskAsync(_work.Ask(request), cancellationToken), coordinator.Overview);

        public async Task<ReportReply> ReportAsync(AttemptReport report, CancellationToken cancellationToken) =>
            CoordinatedWork.Heard(await AskAsync(CoordinatedWork.Tell(report), cancellationToken));

        private async Task<BatchAnswer> AskAsync(BatchInput input, CancellationToken cancellationToken)
        {
            try
            {
                return await coordinator.SendAsync(input, cancellationToken);
            }
            catch (Exception e) when (e is FencedException or Storage.StorageException)
            {
                throw new WorkUnavailableException($"The work {id} does not answer: {e.Message}", e);
            }
        }
    }
}
