using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;
using OrleansClean.Storage;
using OrleansClean.Storage.Folders;

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
/// where they stand. In a folder it holds the root's lock while it works, so that a second process is refused.
/// </summary>
public sealed class LocalBatchHost : IBatchHost, IAsyncDisposable
{
    private readonly LocalHostOptions _options;
    private readonly BatchSeams _seams;
    private readonly IObjectStore _output;
    private readonly OpenLocalBatches _open = new();
    private readonly WorkerPool _pool;
    private readonly SemaphoreSlim _gate = new(1);
    private RootLock? _lock;
    private bool _isStarted;

    /// <summary>A host that touches nothing before it is asked for something.</summary>
    public LocalBatchHost(LocalHostOptions options)
        : this(options, BatchSeams.Real)
    {
    }

    internal LocalBatchHost(LocalHostOptions options, BatchSeams seams)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _seams = seams;
        _output = options.Stores.Open(options.OutputRoot);
        _pool = new WorkerPool(
            new WorkerPoolOptions
            {
                Name = Environment.MachineName,
                Generation = seams.Time.GetUtcNow().ToUnixTimeMilliseconds(),
                Slots = options.Workers,
                Progress = options.Progress,
            },
            _open,
            new CleaningAttempts(options.Stores, seams.OnThreads(options.Workers)),
            seams.Time);
    }

    /// <inheritdoc />
    public Task<HostReply> SubmitAsync(BatchSubmission submission, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        if (!ReferenceEquals(_options.Stores.Open(submission.OutputRoot), _output))
        {
            return new HostReply(HostOutcome.Refused, $"This host writes to {_options.OutputRoot}, not to {submission.OutputRoot}.");
        }

        var accepted = AcceptedSubmission.Of(submission, _options.Stores);
        Hold(submission.Id);
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
            if (batch.Failure is { } failure)
            {
                return new StatusReply(HostOutcome.Unavailable, failure.Message, batch.Overview);
            }
        }

        return await StatusAsync(batchId, cancellationToken);
    }

    /// <inheritdoc />
    public Task<HostReply> CancelAsync(string batchId, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        var status = await StatusAsync(batchId, cancellationToken);
        if (status.IsDone || status.Overview is null)
        {
            return status.Overview is null ? new HostReply(status.Outcome, status.Message) : HostReply.Known;
        }

        var reply = ReplyOf(await SendAsync(batchId, new BatchInput.Cancel { At = default }, cancellationToken));
        _pool.Wake();
        return reply;
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

        return ReplyOf(await SendAsync(batchId, new BatchInput.RetryFailed { At = default }, cancellationToken));
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

        await OpenAsync(batchId, cancellationToken);
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

    /// <summary>Gives back what is under way and lets the root go. The batches stay as their journals have them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _pool.DisposeAsync();
        await _open.DisposeAsync();
        _lock?.Dispose();
        _gate.Dispose();
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

    private async Task<LocalBatch> OpenAsync(string batchId, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            Hold(batchId);
            if (_open.Find(batchId) is { } known)
            {
                return known;
            }

            var batch = await LocalBatch.OpenAsync(_options, batchId, _output, _seams, cancellationToken);
            _open.Add(batch);
            if (!_isStarted)
            {
                _isStarted = true;
                _pool.Start();
            }

            return batch;
        }
        finally
        {
            _gate.Release();
        }
    }

    private void Hold(string batchId)
    {
        if (_lock is null && _output is FolderStore folder)
        {
            _lock = RootLock.Take(folder.Root, batchId, _seams.Time.GetUtcNow());
        }
    }
}
