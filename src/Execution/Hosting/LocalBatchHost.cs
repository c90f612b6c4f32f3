using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>What a host in one process is made of.</summary>
public sealed record LocalHostOptions
{
    /// <summary>The stores that it may touch.</summary>
    public required IStoreDirectory Stores { get; init; }

    /// <summary>The store of outputs, whose batches it runs.</summary>
    public required string OutputRoot { get; init; }

    /// <summary>Attempts under way at once.</summary>
    public required int Workers { get; init; }

    /// <summary>Told of decoded bytes and rows since the last call, from any thread; or null.</summary>
    public Action<long, long>? Progress { get; init; }
}

/// <summary>
/// Runs the batches of one output root in this process, by journals that survive it: kill it anywhere, and the next host goes on
/// where they stand. It holds the root while it works, so that a second process is refused.
/// </summary>
public sealed class LocalBatchHost : IBatchHost, IAsyncDisposable
{
    private readonly LocalHostOptions _options;
    private readonly BatchSeams _seams;
    private readonly IObjectStore _output;
    private readonly LocalBatchServices _services;
    private readonly OpenLocalBatches _open = new();
    private readonly WorkerPool _pool;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Lock _lifetime = new();
    private readonly HeldRoot _root;
    private bool _isStarted;
    private bool _isEnded;

    /// <summary>A host that touches nothing before it is asked for something.</summary>
    public LocalBatchHost(LocalHostOptions options)
        : this(options, BatchSeams.Real, new BatchClock(BatchSeams.Real.Time), watch: null)
    {
    }

    internal LocalBatchHost(LocalHostOptions options, BatchSeams seams, BatchClock clock, IBatchWatch? watch)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _seams = seams;
        _output = options.Stores.Open(options.OutputRoot);

        // Who lost the root has nothing more to do there: the journals would refuse it, one after the other and each with less to say.
        _root = new HeldRoot(_output, options.OutputRoot, seams, _open.FailAsync);
        _pool = new WorkerPool(
            new WorkerPoolOptions
            {
                Name = Environment.MachineName,
                Generation = seams.Time.GetUtcNow().ToUnixTimeMilliseconds(),
                Slots = options.Workers,
                Progress = options.Progress,
            },
            _open,
            new CleaningAttempts(options.Stores, seams.OnThreads(options.Workers), watch),
            seams.Time);
        _services = new LocalBatchServices(options, _output, seams, clock, watch, _pool.Wake);
    }

    /// <inheritdoc />
    public Task<HostReply> SubmitAsync(BatchSubmission submission, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        if (!ReferenceEquals(_options.Stores.Open(submission.OutputRoot), _output))
        {
            return new HostReply(HostOutcome.Refused, $"This host writes to {_options.OutputRoot}, not to {submission.OutputRoot}.");
        }

        var accepted = AcceptedSubmission.Of(submission, _options.Stores, _seams);
        await HoldAsync(submission.Id, cancellationToken);
        await accepted.WriteAsync(_output, cancellationToken);
        var answer = await SendAsync(submission.Id, new BatchInput.Submit(accepted.Spec) { At = default }, cancellationToken);
        return answer is BatchAnswer.Refused refused ? new HostReply(HostOutcome.Conflict, refused.Reason) : ReplyOf(answer);
    });

    /// <inheritdoc />
    public async Task<StatusReply> StatusAsync(string batchId, CancellationToken cancellationToken)
    {
        if (_open.Find(batchId) is { Overview: { Id: not null } overview })
        {
            return new StatusReply(HostOutcome.Known, "", overview);
        }

        try
        {
            return StateNames.IsId(batchId) && await JournalHistory.LoadAsync(_output, batchId, cancellationToken) is { } state
                ? new StatusReply(HostOutcome.Known, "", BatchOverview.Of(state))
                : new StatusReply(HostOutcome.Missing, MissingText(batchId), null);
        }
        catch (Exception e) when (e is StorageException or JournalDamagedException)
        {
            return new StatusReply(e is StorageException { IsTransient: true } ? HostOutcome.Unavailable : HostOutcome.Refused, e.Message, null);
        }
    }

    /// <inheritdoc />
    public async Task<StatusReply> WaitAsync(string batchId, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (_open.Find(batchId) is { } batch)
        {
            var waited = Task.Delay(patience, _seams.Time, cancellationToken);
            await Task.WhenAny(batch.Ended, waited);
            cancellationToken.ThrowIfCancellationRequested();
        }

        // It may have ended so before this call, too: whoever waits in turns would wait for ever.
        return _open.FailureOf(batchId) is { } failure
            ? new StatusReply(HostOutcome.Unavailable, failure.Message, null)
            : await StatusAsync(batchId, cancellationToken);
    }

    /// <inheritdoc />
    public Task<HostReply> CancelAsync(string batchId, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        var status = await StatusAsync(batchId, cancellationToken);
        if (status.IsDone || status.Overview is null)
        {
            return status.Overview is null ? new HostReply(status.Outcome, status.Message) : HostReply.Known;
        }

        return ReplyOf(await SendAsync(batchId, new BatchInput.Cancel { At = default }, cancellationToken));
    });

    /// <inheritdoc />
    public Task<HostReply> RetryAsync(string batchId, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        var status = await StatusAsync(batchId, cancellationToken);
        if (status.Overview is null)
        {
            return new HostReply(status.Outcome, status.Message);
        }

        if (!status.IsDone)
        {
            return new HostReply(HostOutcome.Refused, $"The batch {batchId} is not finished. Wait for it, cancel it, or resume it.");
        }

        // The coordinator that saw the end has ended with it: the next one begins anew.
        if (_open.Find(batchId) is { } old)
        {
            await old.Ended;
        }

        var report = StateNames.Of(batchId, StateNames.ReportFile);
        var told = await _output.FindAsync(report, cancellationToken);
        var reply = ReplyOf(await BeginWithAsync(batchId, new BatchInput.RetryFailed { At = default }, cancellationToken));
        if (reply.Outcome is HostOutcome.Accepted && told is not null)
        {
            // A batch that is under way has no report; a new one has another tag.
            await _output.DeleteAsync(report, told.ETag, cancellationToken);
        }

        return reply;
    });

    /// <inheritdoc />
    public Task<HostReply> ResumeAsync(string batchId, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        var status = await StatusAsync(batchId, cancellationToken);
        if (status.Overview is null)
        {
            return new HostReply(status.Outcome, status.Message);
        }

        if (status.IsDone || _open.Find(batchId) is not null)
        {
            return HostReply.Known;
        }

        await HoldAsync(batchId, cancellationToken);
        await StoredBatches.RemoveReportAsync(_output, batchId, cancellationToken);
        await BeginAsync(batchId, [new BatchInput.Continue(null) { At = default }], cancellationToken);
        return HostReply.Accepted;
    });

    /// <inheritdoc />
    public async Task<ListReply> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var batches = await BatchList.ReadAsync(_output, cancellationToken);
            return new ListReply(HostOutcome.Known, "", [.. batches.Take(ListReply.BatchesMax)]);
        }
        catch (StorageException e)
        {
            return new ListReply(HostOutcome.Unavailable, e.Message, []);
        }
    }

    /// <inheritdoc />
    public Task<Stream?> OpenAsync(string batchId, BatchPaper paper, string? input, CancellationToken cancellationToken) =>
        BatchPapers.OpenAsync(_output, batchId, paper, input, cancellationToken);

    /// <summary>
    /// Gives back what is under way and lets the root go. The batches stay as their journals have them. A request that is still waiting for
    /// the store is answered with <see cref="HostOutcome.Unavailable"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lifetime)
        {
            _isEnded = true;
        }

        _root.Close();
        await _pool.DisposeAsync();
        await _open.DisposeAsync();
        await _root.DisposeAsync();
    }

    private static HostReply ReplyOf(BatchAnswer answer) => answer switch
    {
        BatchAnswer.Refused refused => new HostReply(HostOutcome.Refused, refused.Reason),
        BatchAnswer.Accepted { IsNew: false } => HostReply.Known,
        _ => HostReply.Accepted,
    };

    private string MissingText(string batchId) => $"There is no batch '{ObjectName.Show(batchId)}' in {_options.OutputRoot}.";

    private static async Task<HostReply> TryAsync(Func<Task<HostReply>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception e) when (e is UsageException or PlanException or JournalDamagedException or JsonException)
        {
            return new HostReply(HostOutcome.Refused, e.Message);
        }
        catch (StorageException e)
        {
            return new HostReply(e.IsTransient ? HostOutcome.Unavailable : HostOutcome.Refused, e.Message);
        }
        catch (FencedException e)
        {
            return new HostReply(HostOutcome.Unavailable, e.Message);
        }
    }

    private async Task<BatchAnswer> SendAsync(string batchId, BatchInput input, CancellationToken cancellationToken)
    {
        var batch = await OpenAsync(batchId, cancellationToken);
        var answer = await batch.SendAsync(input, cancellationToken);
        _pool.Wake();
        return answer;
    }

    /// <summary>
    /// Sends an input to a batch that is done. It is decided before the pool can ask: a coordinator that is asked for work first sees a batch that is
    /// done, counts as ended, and is then woken up without anybody who looks after it.
    /// </summary>
    private async Task<BatchAnswer> BeginWithAsync(string batchId, BatchInput input, CancellationToken cancellationToken)
    {
        List<BatchInput> first = [input];
        var batch = await BeginAsync(batchId, first, cancellationToken);
        var answer = ReferenceEquals(batch.First, first)
            ? (await batch.Started.WaitAsync(cancellationToken))[0]
            : await batch.SendAsync(input, cancellationToken);
        _pool.Wake();
        return answer;
    }

    /// <summary>
    /// Opens a batch with inputs that are decided before anything else, and works on it. Unlike a request it throws what goes wrong.
    /// </summary>
    internal async Task<LocalBatch> BeginAsync(string batchId, List<BatchInput> first, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await _root.TakeAsync(batchId, cancellationToken);
            if (_open.Find(batchId) is { } known)
            {
                return known;
            }

            var batch = await LocalBatch.OpenAsync(batchId, _services, first, cancellationToken);
            if (!TryBegin(batch))
            {
                await batch.DisposeAsync();
                throw HeldRoot.Ended();
            }

            if (_root.Loss is { } loss)
            {
                // The root was lost while the batch was not yet among those that are told so.
                await batch.FailAsync(loss);
                throw loss;
            }

            return batch;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Works on a batch from now on; false if this host ended while the batch was being opened.</summary>
    private bool TryBegin(LocalBatch batch)
    {
        lock (_lifetime)
        {
            if (_isEnded)
            {
                return false;
            }

            _open.Add(batch);
            if (!_isStarted)
            {
                _isStarted = true;
                _pool.Start();
            }

            return true;
        }
    }

    /// <summary>Ends the work: what is under way is given back, and what is about to be published is published.</summary>
    internal async Task GiveBackAsync(LocalBatch batch, TimeSpan patience)
    {
        await _pool.StopAsync(patience);
        await batch.SettleAsync(patience);
    }

    /// <summary>
    /// Keeps other processes out of the root, as <see cref="HeldRoot.TakeAsync"/> does.
    /// </summary>
    internal async Task HoldAsync(string batchId, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await _root.TakeAsync(batchId, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private Task<LocalBatch> OpenAsync(string batchId, CancellationToken cancellationToken) => BeginAsync(batchId, [], cancellationToken);
}
