using System.Diagnostics;
using System.Threading.Channels;
using OrleansClean.Batches;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Coordination;

/// <summary>
/// Runs one batch's machine over its journal: decides inputs in order, makes the events of many decisions durable in one append,
/// and only then releases answers and effects. A grain and the host in one process run this same class. After a failed or
/// fenced append it ends; whoever needs the batch opens a new one, which reads what is true from the journal.
/// </summary>
public sealed class BatchCoordinator : IAsyncDisposable
{
    private const int InputsPerAppendMax = 256;
    private const int EffectsAtOnceMax = 1024;

    /// <summary>
    /// From one append to the next while inputs come in crowds, so that many small files share one. Who sends one input after the other, and whoever comes to a
    /// coordinator that has nothing to do, never waits for it.
    /// </summary>
    private static readonly TimeSpan GatherMax = TimeSpan.FromMilliseconds(5);

    /// <summary>A timer takes at most 49 days, and a batch may have longer: it is asked again in between.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromDays(1);

    /// <summary>
    /// How long a coordinator answers from memory before it looks whether the journal is still its own. One that was replaced and has
    /// nothing to write would never know: its batch would be done, or not yet submitted, for ever.
    /// </summary>
    private static readonly TimeSpan ConfirmEvery = TimeSpan.FromSeconds(10);

    private readonly BatchJournal _journal;
    private readonly IEffectExecutor _effects;
    private readonly CoordinatorSeams _seams;
    private readonly TimeProvider _time;
    private readonly Channel<Pending> _inputs;
    private readonly SemaphoreSlim _effectSlots = new(EffectsAtOnceMax);
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<BatchEvent>? _observe;
    private readonly Task _loop;
    private readonly DateTimeOffset _openedAt;
    private readonly long _openedTimestamp;
    private long _confirmedTimestamp;
    private BatchOverview _overview;
    private long _appendedTimestamp;
    private bool _isCrowded;

    private BatchCoordinator(BatchJournal journal, BatchDecision opening, IEffectExecutor effects, CoordinatorSeams seams, CoordinatorStart start)
    {
        _journal = journal;
        _effects = effects;
        _seams = seams;
        _time = seams.Time;
        _inputs = Channel.CreateUnbounded<Pending>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = seams.IsStepped });
        _openedAt = _time.GetUtcNow();
        _openedTimestamp = _confirmedTimestamp = _time.GetTimestamp();
        _observe = start.Observe;
        _overview = BatchOverview.Of(journal.State);
        Generations = journal.State.Generations;
        var first = start.Inputs.ConvertAll(input => new Pending(input));
        first.ForEach(pending => _inputs.Writer.TryWrite(pending));
        Started = Task.WhenAll(first.Select(pending => pending.Answer.Task));
        Release(opening.Effects);
        _loop = seams.RunAsync(RunAsync);
    }

    /// <summary>The answers to the inputs that it was opened with.</summary>
    internal Task<BatchAnswer[]> Started { get; }

    /// <summary>The workers that the journal knew when this coordinator began, each with its last generation.</summary>
    internal IReadOnlyDictionary<string, long> Generations { get; }

    /// <summary>How far the batch is, from memory: it never waits.</summary>
    public BatchOverview Overview => Volatile.Read(ref _overview);

    /// <summary>
    /// Ends when an input is decided and the batch is done; a batch that was done when it was opened says so in its
    /// <see cref="Overview"/>. Fails with what ended this coordinator before (<see cref="FencedException"/>,
    /// <see cref="StorageException"/>): then open another one.
    /// </summary>
    public Task Completion => _done.Task;

    /// <summary>True if somebody began a journal in <paramref name="folder"/>. Opening would begin one.</summary>
    public static async Task<bool> ExistsAsync(IObjectStore store, string folder, CancellationToken cancellationToken) =>
        await store.ReadLogAsync(new JournalNames(folder).Segment(1), 0, cancellationToken) is { IsEmpty: false };

    /// <summary>Opens the journal in <paramref name="folder"/> of <paramref name="store"/>, takes it over and goes on where it stands.</summary>
    public static Task<BatchCoordinator> OpenAsync(
        IObjectStore store,
        string folder,
        IEffectExecutor effects,
        TimeProvider time,
        CancellationToken cancellationToken) => OpenAsync(store, folder, effects, CoordinatorSeams.Real(time), CoordinatorStart.Plain, cancellationToken);

    /// <summary>The same, with time, threads and chance of a test, or with the first inputs of a caller.</summary>
    internal static async Task<BatchCoordinator> OpenAsync(
        IObjectStore store,
        string folder,
        IEffectExecutor effects,
        CoordinatorSeams seams,
        CoordinatorStart start,
        CancellationToken cancellationToken)
    {
        var (journal, opening) = await BatchJournal.OpenAsync(store, new JournalNames(folder), seams.Time, seams.Bounds, cancellationToken);
        return new BatchCoordinator(journal, opening, effects, seams, start);
    }

    /// <summary>
    /// Decides an input; its time and chance are set here. The answer comes when everything decided with it is durable. The
    /// caller's cancellation ends the wait and nothing else: whether the input counted is then unknown, and it may be sent again.
    /// </summary>
    public async Task<BatchAnswer> SendAsync(BatchInput input, CancellationToken cancellationToken)
    {
        var pending = new Pending(await _effects.SecureAsync(input, cancellationToken));
        if (!_inputs.Writer.TryWrite(pending))
        {
            throw new FencedException("This coordinator has ended. Open the batch again.");
        }

        return await pending.Answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends this coordinator; the batch stays as the journal has it.</summary>
    public async ValueTask DisposeAsync()
    {
        _inputs.Writer.TryComplete();
        await _ending.CancelAsync();
        await _loop;
        for (var slot = 0; slot < EffectsAtOnceMax; slot++)
        {
            // What is being published when it ends is published before it has ended.
            await _effectSlots.WaitAsync();
        }

        _ending.Dispose();
        _effectSlots.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await WaitForInputAsync())
            {
                await GatherAsync();
                await DecideAsync(Drain());
                if (_journal.State.Phase == BatchPhase.Done)
                {
                    _done.TrySetResult();
                }
            }

            End(Closed());
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            End(Closed());
        }
#pragma warning disable CA1031 // Whatever ends the loop, a bug too, must reach those who wait: nobody else would tell them.
        catch (Exception e)
#pragma warning restore CA1031
        {
            End(e);
        }
    }

    /// <summary>Waits for an input or for the next moment at which time matters; false at the end.</summary>
    private async Task<bool> WaitForInputAsync()
    {
        if (_inputs.Reader.TryPeek(out _))
        {
            return true;
        }

        if (BatchMachine.NextTick(_journal.State) is not { } next)
        {
            return await _inputs.Reader.WaitToReadAsync(_ending.Token);
        }

        var wait = TimeSpan.FromMilliseconds(Math.Clamp(next.Milliseconds - Now.Milliseconds, 0, WaitMax.TotalMilliseconds));
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        var input = _inputs.Reader.WaitToReadAsync(woken.Token).AsTask();
        if (await Task.WhenAny(input, Task.Delay(wait, _time, woken.Token)) != input)
        {
            _inputs.Writer.TryWrite(new Pending(new BatchInput.Tick { At = default }));
        }

#pragma warning disable CA1849, MA0042, S6966 // What waits is our own, and ends here and now: another thread would only make its order uncertain.
        woken.Cancel();
#pragma warning restore CA1849, MA0042, S6966
        try
        {
            return await input;
        }
        catch (OperationCanceledException) when (!_ending.IsCancellationRequested)
        {
            return true;
        }
    }

    /// <summary>Lets what is about to come join what is there. By the machine's clock: a test's may stand still.</summary>
    private async Task GatherAsync()
    {
        if (_isCrowded && !_seams.IsStepped && GatherMax - Stopwatch.GetElapsedTime(_appendedTimestamp) is var rest && rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, _ending.Token);
        }
    }

    private List<Pending> Drain()
    {
        var inputs = new List<Pending>();
        while (inputs.Count < InputsPerAppendMax && _inputs.Reader.TryRead(out var pending))
        {
            inputs.Add(pending);
        }

        // More than one append takes wait already, or none beside this one: then there is nothing to gather.
        _isCrowded = inputs.Count is > 1 and < InputsPerAppendMax;
        return inputs;
    }

    /// <summary>
    /// Decides inputs one after the other, each in the state that the one before leaves, and appends the events of all at once. The
    /// state is ahead of the journal meanwhile: if the append fails, both are thrown away.
    /// </summary>
    private async Task DecideAsync(List<Pending> inputs)
    {
        var decided = new List<(Pending Input, BatchDecision Decision)>(inputs.Count);
        var group = _journal.BeginGroup();
        try
        {
            foreach (var pending in inputs)
            {
                var decision = BatchMachine.Decide(_journal.State, pending.Input with { At = Now, Chance = _seams.Chance() });
                group.Add(decision.Events);
                decided.Add((pending, decision));
            }

            // The coordinator's own token: a caller that gives up must not leave an append whose outcome nobody knows.
            await group.CommitAsync(_ending.Token);
            await ConfirmAsync(wrote: !group.IsEmpty);
            _appendedTimestamp = group.IsEmpty ? _appendedTimestamp : Stopwatch.GetTimestamp();
        }
        catch (Exception e)
        {
            // The coordinator's own cancellation is none of the caller's: to the caller the coordinator has ended.
            var reason = e is OperationCanceledException && _ending.IsCancellationRequested ? Closed() : e;
            inputs.ForEach(pending => pending.Answer.TrySetException(reason));
            throw;
        }

        Volatile.Write(ref _overview, BatchOverview.Of(_journal.State));
        foreach (var (pending, decision) in decided)
        {
            pending.Answer.TrySetResult(decision.Answer);
            Release(decision.Effects);
            if (_observe is not null)
            {
                foreach (var happened in decision.Events)
                {
                    _observe(happened);
                }
            }
        }
    }

    /// <summary>An append proves that the journal is this coordinator's. Answers from memory are nothing worth for long without.</summary>
    private async Task ConfirmAsync(bool wrote)
    {
        if (!wrote && _time.GetElapsedTime(_confirmedTimestamp) < ConfirmEvery)
        {
            return;
        }

        try
        {
            if (!wrote)
            {
                await _journal.ConfirmAsync(_ending.Token);
            }

            _confirmedTimestamp = _time.GetTimestamp();
        }
        catch (StorageException e) when (e.IsTransient)
        {
            // Nothing is known; the next answer looks again.
        }
    }

    private void Release(IEnumerable<BatchEffect> effects)
    {
        foreach (var effect in effects)
        {
            _ = _seams.RunAsync(() => CarryOutAsync(effect));
        }
    }

    private async Task CarryOutAsync(BatchEffect effect)
    {
        try
        {
            await _effectSlots.WaitAsync(_ending.Token);
            try
            {
                var answer = await _effects.CarryOutAsync(effect, _ending.Token);
                _inputs.Writer.TryWrite(new Pending(answer with { Round = effect.Round }));
            }
            finally
            {
                _effectSlots.Release();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException && _ending.IsCancellationRequested)
        {
            // The coordinator ends; the next one asks again.
        }
#pragma warning disable CA1031 // A bug in an executor ends the coordinator, loudly: whoever waits for the batch gets it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // In this order: the loop ends when nothing more can come, and would give its own reason.
            _done.TrySetException(e);
            _inputs.Writer.TryComplete();
        }
    }

    private void End(Exception reason)
    {
        _inputs.Writer.TryComplete();
        while (_inputs.Reader.TryRead(out var pending))
        {
            pending.Answer.TrySetException(reason);
        }

        _done.TrySetException(reason);
    }

    private static FencedException Closed() => new("This coordinator was closed. Open the batch again.");

    /// <summary>The clock is read once; what passes is added. A clock that is set meanwhile ends no lease and prolongs none.</summary>
    private Moment Now => new((_openedAt + _time.GetElapsedTime(_openedTimestamp)).ToUnixTimeMilliseconds());

    private sealed class Pending(BatchInput input)
    {
        public BatchInput Input { get; } = input;

        public TaskCompletionSource<BatchAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>How a coordinator begins.</summary>
/// <param name="Inputs">Decided before anything else, time included.</param>
/// <param name="Observe">Told of what is true from now on, once it is durable; or null.</param>
internal sealed record CoordinatorStart(List<BatchInput> Inputs, Action<BatchEvent>? Observe)
{
    /// <summary>Nothing to decide, nobody to tell.</summary>
    public static CoordinatorStart Plain { get; } = new([], null);
}
