using OrleansClean.Batches;
using OrleansClean.Cleaning;
using OrleansClean.Execution;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Hosting.Works;
using OrleansClean.Grains.Registry;
using OrleansClean.Grains.Running;
using OrleansClean.Grains.Wire;
using OrleansClean.Storage;

namespace OrleansClean.Grains;

/// <summary>
/// What a batch's grain does, without Orleans: opens the coordinator once, hands it what comes, and makes a value of everything that
/// goes wrong. After a fenced or failed append it is spent: the next one reads the journal anew.
/// </summary>
/// <param name="id">The batch.</param>
/// <param name="services">What it works with.</param>
public sealed class BatchDesk(string id, BatchDeskServices services) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ClaimWithoutJournalMax = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _claims = new(1);
    private readonly CancellationTokenSource _ending = new();
    private Task<Opened?>? _opening;
    private string? _retriedBy;

    /// <summary>True if this desk is of no use any more: its batch must be opened anew.</summary>
    public bool IsSpent => _opening is { IsFaulted: true } || (_opening is { IsCompletedSuccessfully: true, Result: { } opened } && opened.Coordinator.Completion.IsFaulted);

    /// <summary>Opens the batch if there is one, so that it goes on without being asked.</summary>
    public Task OpenAsync() => GuardAsync(async () => await FindAsync() is not null, _ => false);

    /// <summary>Begins the batch. <paramref name="call"/> names the caller's call: sent again, it is answered as it was.</summary>
    public Task<HostReply> SubmitAsync(BatchSubmission submission, string? call = null) =>
        BeginAsync(submission.OutputRoot, () => AcceptedSubmission.Of(submission, services.Stores), call);

    /// <summary>Begins the work, whatever its kind, whose submission was left in the cluster's store.</summary>
    public async Task<HostReply> SubmitFromAsync(SubmissionPlace place, string? call = null)
    {
        var (begin, why) = await GuardAsync(
            async () => (
                await services.Registry.ReadAsync<Func<Task<HostReply>>>(
                    place,
                    document =>
                    {
                        if (place.Kind is WorkKind.CleanFiles)
                        {
                            var files = BatchSubmission.Parse(document.Span);
                            return () => SubmitAsync(files, call);
                        }

                        var work = WorkSubmission.Parse(place.Kind, document);
                        return () => BeginAsync(work.OutputRoot, () => work.Accept(id), call);
                    },
                    _ending.Token),
                $"The submission of batch {id} is not in the cluster's store. Submit it again."),
            why => (null, why));
        return begin is null ? Unavailable(why) : await begin();
    }

    /// <summary>How far it is.</summary>
    public Task<StatusReply> StatusAsync() => GuardAsync(
        async () => await FindAsync() is { } opened && opened.Coordinator.Overview is { Id: not null } overview
            ? new StatusReply(HostOutcome.Known, "", overview with { Message = overview.Message is { } text ? WireText.Bounded(text) : null })
            : new StatusReply(HostOutcome.Missing, $"There is no batch {id}.", null),
        why => new StatusReply(HostOutcome.Unavailable, why, null));

    /// <summary>A runner asks for work.</summary>
    public Task<TakeAnswer> TakeAsync(TakeRequest request) => GuardAsync(
        async () =>
        {
            if (services.IsDead(request.Worker))
            {
                // Its calls still arrive and the answers do not: what it were given would wait for its lease.
                return new TakeAnswer(new TakeReply([], request.Held, null, IsOver: false), null);
            }

            if (await FindAsync() is not { } opened)
            {
                await CloseIfAbandonedAsync();
                return new TakeAnswer(new TakeReply([], request.Held, null, IsOver: false), null);
            }

            var take = new BatchInput.Take(request.Worker, request.Sequence, request.FreeSlots, request.Held) { At = default };
            var work = (BatchAnswer.Work)await SendAsync(opened, take);
            var isOver = opened.Coordinator.Overview.Phase is BatchPhase.Done && await CloseIfDoneAsync(opened);
            return new TakeAnswer(new TakeReply(work.Attempts, work.Stop, Place(opened), isOver), null);
        },
        why => new TakeAnswer(null, why));

    /// <summary>A runner says how an attempt ended.</summary>
    public Task<ReportAnswer> ReportAsync(AttemptReport report) => GuardAsync(
        async () => await FindAsync() is { } opened
            && await SendAsync(opened, new BatchInput.Report(report.Attempt, report.ToOutcome()) { At = default }) is BatchAnswer.Reported { Counted: true }
            ? new ReportAnswer(new ReportReply(Counted: true), null)
            : new ReportAnswer(new ReportReply(Counted: false), null),
        why => new ReportAnswer(null, why));

    /// <summary>Stops the batch.</summary>
    public Task<HostReply> CancelAsync() => GuardAsync(
        async () => await FindAsync() is { } opened && opened.Coordinator.Overview.Id is not null
            ? Reply(await SendAsync(opened, new BatchInput.Cancel { At = default }), HostOutcome.Refused)
            : new HostReply(HostOutcome.Missing, $"There is no batch {id}."),
        Unavailable);

    /// <summary>Takes failed and cancelled items up again. <paramref name="call"/> names the caller's call: sent again, it is answered as it was.</summary>
    public Task<HostReply> RetryAsync(string? call = null) => GuardAsync(
        async () =>
        {
            if (await FindAsync() is not { } opened || opened.Coordinator.Overview.Id is null)
            {
                return new HostReply(HostOutcome.Missing, $"There is no batch {id}.");
            }

            await _claims.WaitAsync(_ending.Token);
            try
            {
                if (call is not null && call == _retriedBy)
                {
                    return HostReply.Accepted;
                }

                if (await services.Registry.OpenAsync(opened.Batch, _ending.Token) is { } refusal)
                {
                    return new HostReply(HostOutcome.Refused, refusal);
                }

                var reply = Reply(await SendAsync(opened, new BatchInput.RetryFailed { At = default }), HostOutcome.Refused);
                _retriedBy = reply.IsGood ? call : _retriedBy;
                return reply;
            }
            finally
            {
                _claims.Release();
            }
        },
        Unavailable);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        ClusterTelemetry.Forget(this);
        if (_opening is { IsCompletedSuccessfully: true, Result: { } opened })
        {
            await opened.Coordinator.DisposeAsync();
        }
    }

    private Task<HostReply> BeginAsync(string outputRoot, Func<AcceptedSubmission> accept, string? call) => GuardAsync(
        async () =>
        {
            AcceptedSubmission accepted;
            try
            {
                accepted = accept();
            }
            catch (Exception e) when (e is PlanException or UsageException)
            {
                return new HostReply(HostOutcome.Refused, WireText.Bounded(e.Message));
            }

            var batch = new ClusterBatch(id, outputRoot, accepted.PlanName, accepted.Spec.BodyHash, services.Time.GetUtcNow()) { Kind = accepted.Spec.Kind, Call = call };
            var entered = await services.Registry.EnterAsync(batch, _ending.Token);
            if (!entered.IsGood)
            {
                return entered;
            }

            if (await FindAsync() is { } before && before.Coordinator.Overview.Id is not null)
            {
                return entered;
            }

            if (await services.Registry.OpenAsync(batch, _ending.Token) is { } refusal)
            {
                return new HostReply(HostOutcome.Refused, refusal);
            }

            await accepted.WriteAsync(services.Stores.Open(outputRoot), _ending.Token);
            var opened = await FindAsync(batch);
            var answer = await SendAsync(opened!, new BatchInput.Submit(accepted.Spec) { At = default });
            return answer is BatchAnswer.Refused refused ? new HostReply(HostOutcome.Conflict, refused.Reason) : entered;
        },
        Unavailable);

    private static HostReply Reply(BatchAnswer answer, HostOutcome refusal) => answer switch
    {
        BatchAnswer.Accepted { IsNew: true } => HostReply.Accepted,
        BatchAnswer.Refused refused => new HostReply(refusal, refused.Reason),
        _ => HostReply.Known,
    };

    private static HostReply Unavailable(string why) => new(HostOutcome.Unavailable, why);

    private static BatchPlace? Place(Opened opened) =>
        BatchPlace.Of(opened.Batch.Id, opened.Batch.OutputRoot, opened.Coordinator.Overview);

    /// <summary>The coordinator; null if there is no batch. A batch that was entered a moment ago is opened with its journal begun.</summary>
    private async Task<Opened?> FindAsync(ClusterBatch? entered = null)
    {
        if (_opening is { IsCompletedSuccessfully: true, Result: null })
        {
            _opening = null;
        }

        // The opening outlives the call that began it: one that takes long is there for the next call.
        return await (_opening ??= OpenCoordinatorAsync(entered)).WaitAsync(Patience, services.Time);
    }

    private async Task<Opened?> OpenCoordinatorAsync(ClusterBatch? entered)
    {
        var batch = entered ?? await services.Registry.FindAsync(id, _ending.Token);
        if (batch is null)
        {
            return null;
        }

        var store = services.Stores.Open(batch.OutputRoot);
        var journal = WorkNames.Journal(batch.Kind, id);
        if (entered is null && !await BatchCoordinator.ExistsAsync(store, journal, _ending.Token))
        {
            return null;
        }

        var coordinator = await BatchCoordinator.OpenAsync(store, journal, services.EffectsOf(batch), services.Time, _ending.Token);
        ClusterTelemetry.Count(this, () => coordinator.Overview.Waiting);
        services.Opened(id);
        return new Opened(batch, coordinator);
    }

    private Task<BatchAnswer> SendAsync(Opened opened, BatchInput input) =>
        opened.Coordinator.SendAsync(input, CancellationToken.None).WaitAsync(Patience, services.Time);

    private async Task<bool> CloseIfDoneAsync(Opened opened)
    {
        await _claims.WaitAsync(_ending.Token);
        try
        {
            if (opened.Coordinator.Overview.Phase is not BatchPhase.Done)
            {
                return false;
            }

            await services.Registry.CloseAsync(id, _ending.Token);
            return true;
        }
        finally
        {
            _claims.Release();
        }
    }

    /// <summary>A submit that died after its claim must not hold its output root for ever.</summary>
    private async Task CloseIfAbandonedAsync()
    {
        var batch = await services.Registry.FindAsync(id, _ending.Token);
        if (batch is null || services.Time.GetUtcNow() - batch.SubmittedAt > ClaimWithoutJournalMax)
        {
            await services.Registry.CloseAsync(id, _ending.Token);
        }
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> call, Func<string, T> unavailable)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is StorageException or FencedException or JournalDamagedException or InvalidDataException or UsageException
            or TimeoutException or OperationCanceledException)
        {
            return unavailable(e is TimeoutException ? $"Batch {id} takes long; whether it happened is not known." : WireText.Bounded(e.Message));
        }
    }

    private sealed record Opened(ClusterBatch Batch, BatchCoordinator Coordinator);
}
