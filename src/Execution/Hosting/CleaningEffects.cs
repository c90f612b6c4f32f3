using System.Diagnostics;
using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// Carries out what the coordinator of one batch of <see cref="WorkKind.CleanFiles"/> wants: lists, publishes, looks at the gate, sweeps,
/// and writes the papers. Everything is idempotent: it may be asked for again after a restart.
/// </summary>
public sealed class CleaningEffects : IEffectExecutor
{
    private readonly IStoreDirectory _stores;
    private readonly IObjectStore _output;
    private readonly string _batchId;
    private readonly BatchSeams _seams;
    private readonly int _workers;
    private readonly Publication _publication;
    private readonly FlushGroup _flush;
    private readonly BatchClock _clock;
    private readonly IBatchWatch? _watch;
    private (string Body, CleaningBatch Batch)? _batch;
    private BatchLedgerBook? _settled;

    /// <summary>The effects of the batch <paramref name="batchId"/> whose outputs go to <paramref name="outputRoot"/>.</summary>
    /// <param name="stores">The stores that this process may touch.</param>
    /// <param name="outputRoot">The store of the batch's outputs and documents.</param>
    /// <param name="batchId">The batch.</param>
    /// <param name="workers">How many attempts run at once, for the report; 0 if that is not known.</param>
    public CleaningEffects(IStoreDirectory stores, string outputRoot, string batchId, int workers)
        : this(stores, outputRoot, batchId, workers, BatchSeams.Real, new BatchClock(BatchSeams.Real.Time), watch: null)
    {
    }

    internal CleaningEffects(
        IStoreDirectory stores, string outputRoot, string batchId, int workers, BatchSeams seams, BatchClock clock, IBatchWatch? watch)
    {
        ArgumentNullException.ThrowIfNull(stores);
        _stores = stores;
        _output = stores.Open(outputRoot);
        _batchId = batchId;
        _seams = seams;
        _workers = workers;
        _flush = new FlushGroup(_output);
        _publication = new Publication(_output, _flush.FlushAsync);
        _clock = clock;
        _watch = watch;
    }

    /// <summary>The report that was written last, or null.</summary>
    internal BatchReport? Report { get; private set; }

    /// <summary>Why the batch could not be listed or finished when that was tried last, or null.</summary>
    internal StorageException? FinishFailure { get; private set; }

    /// <inheritdoc />
    public Task<BatchInput> CarryOutAsync(BatchEffect effect, CancellationToken cancellationToken) => effect switch
    {
        BatchEffect.Commit commit => CommitAsync(commit, cancellationToken),
        BatchEffect.ListInputs list => ListAsync(list, cancellationToken),
        BatchEffect.EvaluateGate => EvaluateGateAsync(cancellationToken),
        BatchEffect.Join => JoinAsync(cancellationToken),
        BatchEffect.Sweep => FinishAsync(SweepAsync, new BatchInput.Swept { At = default }, cancellationToken),
        BatchEffect.WriteManifest => FinishAsync(token => WriteManifestAsync(effect.Round, token), new BatchInput.ManifestWritten { At = default }, cancellationToken),
        BatchEffect.WriteReport => FinishAsync(token => WriteReportAsync(effect.Round, token), new BatchInput.ReportWritten { At = default }, cancellationToken),
        _ => throw new UnreachableException(),
    };

    /// <inheritdoc />
    public Task<BatchInput> SecureAsync(BatchInput input, CancellationToken cancellationToken) => _flush.SecureAsync(input, cancellationToken);

    /// <summary>
    /// Writes the papers of a batch that is left as it stands, once nobody coordinates it here any more: what is published is known to
    /// the next batch of this root, and people can see how far this one is.
    /// </summary>
    internal async Task<BatchReport> LeaveAsync(CancellationToken cancellationToken)
    {
        var book = await BookAsync(cancellationToken);
        if (book.Facts.IsFinished && await StoredBatches.ReadReportAsync(_output, _batchId, cancellationToken) is { } finished)
        {
            // By another coordinator, meanwhile.
            return finished;
        }

        if (book.Batch is not null)
        {
            await book.MergeIndexAsync(cancellationToken);
        }

        return await new BatchReportWriter(_output, _batchId, book).WriteReportAsync(_clock, _workers, isLeft: true, cancellationToken);
    }

    private async Task<BatchInput> CommitAsync(BatchEffect.Commit commit, CancellationToken cancellationToken)
    {
        var intent = CommitIntent.Parse(commit.Staged);
        _watch?.Publishing(commit.Attempt, intent);
        return new BatchInput.CommitResolved(commit.Attempt, await _publication.PublishAsync(intent, cancellationToken)) { At = default };
    }

    private async Task<BatchInput> ListAsync(BatchEffect.ListInputs list, CancellationToken cancellationToken)
    {
        try
        {
            // In this order: a coordinator that was taken for dead, and hung anywhere below, must not put its listing over its successor's.
            var listing = StateNames.Of(_batchId, StateNames.ListingFile);
            var found = await _output.FindAsync(listing, cancellationToken);
            if ((await JournalHistory.LoadAsync(_output, _batchId, cancellationToken))?.Listing is not null)
            {
                throw new StorageException(StorageFault.Busy, "Another coordinator has listed the inputs.");
            }

            var batch = await LoadAsync(list.BodyDocument, cancellationToken);
            if (batch.Submission.Listing is { } listed)
            {
                var document = await BatchListingDocument.LoadAsync(_output, ObjectName.Parse(listed), cancellationToken);
                return new BatchInput.ListingDone(listed, document.Count) { At = default };
            }

            var inputs = await PieceSurvey.CutAsync(batch, await new BatchLister(batch).ListAsync(cancellationToken), cancellationToken);
            await _output.WriteOverAsync(StateNames.Latest, System.Text.Encoding.UTF8.GetBytes(_batchId + "\n"), cancellationToken);
            var (name, _) = await inputs.WriteAsync(_output, order: null, Precondition.AsFound(found), cancellationToken);
            return new BatchInput.ListingDone(name.Value, inputs.Items.Count + inputs.Pieces.Sum()) { At = default, Pieces = inputs.Pieces };
        }
        catch (Exception e) when (e is UsageException or PlanException or JsonException)
        {
            return new BatchInput.ListingFailed(new Failure(FailureCodes.ListingError, e.Message, IsTransient: false)) { At = default };
        }
        catch (StorageException e) when (e.Fault is not (StorageFault.Full or StorageFault.ReadOnly))
        {
            FinishFailure = e;

            // What changes while a batch is listed is the index of outputs, when another batch ends: it is looked at again.
            return new BatchInput.ListingFailed(new Failure(ProblemCodes.StorageError, e.Message, e.IsTransient || e.Fault is StorageFault.Changed)) { At = default };
        }
    }

    private async Task<BatchInput> EvaluateGateAsync(CancellationToken cancellationToken)
    {
        try
        {
            var book = await BookAsync(cancellationToken);
            var misfits = book.Batch!.Plan.Write.Combine ? await Join(book).FindMisfitsAsync(cancellationToken) : [];
            var excess = await new BatchReportWriter(_output, _batchId, book).FindExcessAsync(misfits, cancellationToken);
            if (excess is not null)
            {
                // Nothing is published, but the user can see why.
                await foreach (var (item, intent) in book.StagedAsync(cancellationToken))
                {
                    if (!misfits.ContainsKey(item))
                    {
                        await _publication.KeepRecordsAsync(intent, _batchId, cancellationToken);
                    }
                }

                await _output.FlushAsync(cancellationToken);
            }

            return new BatchInput.GateDecided(excess is null, excess ?? "")
            {
                At = default,
                Refused = [.. misfits.Select(misfit => new RefusedItem(misfit.Key, misfit.Value))],
            };
        }
        catch (StorageException e) when (!cancellationToken.IsCancellationRequested && !FinishStep.IsRefusal(e))
        {
            // The gate is asked again only by a restart, so it is tried until the store answers.
            await Task.Delay(RetryAfter, _seams.Time, cancellationToken);
            return await EvaluateGateAsync(cancellationToken);
        }
    }

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private async Task<BatchInput> JoinAsync(CancellationToken cancellationToken)
    {
        try
        {
            var result = await Join(await BookAsync(cancellationToken)).JoinAsync(cancellationToken);
            return new BatchInput.Joined(JsonSerializer.Serialize(result, ExecutionJson.Lines.JoinResult)) { At = default };
        }
        catch (StorageException e)
        {
            FinishFailure = e;
            return FinishStep.Failed(e);
        }
    }

    private PartsJoin Join(BatchLedgerBook book) => new(_output, _batchId, book, _publication);

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var batch = StageId.HashOf(_batchId);
        await _output.SweepStagedAsync(stage => stage.Batch == batch, cancellationToken);
        await CombinedParts.RemoveAsync(_output, _batchId, cancellationToken);
    }

    private Task<BatchInput> FinishAsync(Func<CancellationToken, Task> write, BatchInput done, CancellationToken cancellationToken) =>
        FinishStep.TakeAsync(_output, write, done, failed: e => FinishFailure = e, cancellationToken);

    private async Task<CleaningBatch> LoadAsync(string body, CancellationToken cancellationToken)
    {
        // A batch that is gone on with has another body: its limits may be others.
        if (_batch is not { } known || known.Body != body)
        {
            _batch = known = (body, await CleaningBatch.LoadAsync(_output, body, _stores, _seams, cancellationToken));
        }

        return known.Batch;
    }

    private async Task WriteManifestAsync(int round, CancellationToken cancellationToken)
    {
        var book = await BookAsync(round, cancellationToken);
        await new BatchReportWriter(_output, _batchId, book).WriteManifestAsync(cancellationToken);

        // Nothing happens to an item between manifest and report.
        Volatile.Write(ref _settled, book);
    }

    private async Task WriteReportAsync(int round, CancellationToken cancellationToken)
    {
        var book = Interlocked.Exchange(ref _settled, null) is { } settled && settled.Facts.Round == round
            ? settled
            : await BookAsync(round, cancellationToken);
        Report = await new BatchReportWriter(_output, _batchId, book).WriteReportAsync(_clock, _workers, isLeft: false, cancellationToken);
    }

    /// <summary>The batch as its journal has it now, if that is still at the round of an effect.</summary>
    private async Task<BatchLedgerBook> BookAsync(int round, CancellationToken cancellationToken)
    {
        var book = await BookAsync(cancellationToken);
        return book.Facts.Round == round ? book : throw new StorageException(StorageFault.Busy, $"The batch {_batchId} was begun anew.");
    }

    /// <summary>The batch as its journal has it now.</summary>
    private async Task<BatchLedgerBook> BookAsync(CancellationToken cancellationToken)
    {
        var book = new BatchLedgerBook(_output, _batchId, body => LoadAsync(body, CancellationToken.None));
        await book.RefreshAsync(cancellationToken);
        return book;
    }
}
