using System.Collections.Immutable;
using System.Diagnostics;

namespace OrleansClean.Batches;

/// <summary>
/// The coordinator. <see cref="Decide"/> is the whole of it: a function of state and input, without clock, chance or I/O.
/// Whoever runs it makes the events durable, applies them, and only then releases the effects and the answer.
/// </summary>
public static class BatchMachine
{
    /// <summary>Attempts that one call may hand out.</summary>
    public const int AttemptsPerTakeMax = 64;

    /// <summary>What follows from <paramref name="input"/>. Reads <paramref name="state"/> and never writes it.</summary>
    public static BatchDecision Decide(BatchState state, BatchInput input) =>
        IsOfEarlierRound(state, input) ? BatchDecision.Nothing : OfRound(state, Choose(state, input));

    /// <summary>The next moment at which a <see cref="BatchInput.Tick"/> may change something, or null.</summary>
    public static Moment? NextTick(BatchState state) => Ticking.Next(state);

    /// <summary>Answers to what was wanted before the batch was reopened say nothing of what is wanted now.</summary>
    private static bool IsOfEarlierRound(BatchState state, BatchInput input) => input.Round != state.Round
        && input is BatchInput.ListingDone or BatchInput.ListingFailed or BatchInput.GateDecided or BatchInput.Joined or BatchInput.Swept
            or BatchInput.ManifestWritten or BatchInput.ReportWritten or BatchInput.FinishFailed;

    private static BatchDecision OfRound(BatchState state, BatchDecision decision)
    {
        var round = state.Round + decision.Events.Count(happened => happened is BatchEvent.Reopened);
        return round == 0 || decision.Effects.IsEmpty
            ? decision
            : decision with { Effects = [.. decision.Effects.Select(effect => effect with { Round = round })] };
    }

    private static BatchDecision Choose(BatchState state, BatchInput input) => input switch
    {
        BatchInput.Open open => Opening.Decide(state, open),
        BatchInput.Submit submit => Submitting.Decide(state, submit),
        BatchInput.ListingDone done => Submitting.Decide(state, done),
        BatchInput.ListingFailed failed => Submitting.Decide(state, failed),
        BatchInput.Take take => Taking.Decide(state, take),
        BatchInput.Report report => Reporting.Decide(state, report),
        BatchInput.CommitResolved resolved => Committing.Decide(state, resolved),
        BatchInput.GateDecided gate => Committing.Decide(state, gate),
        BatchInput.Joined joined => Finishing.Joined(state, joined),
        BatchInput.Swept => Finishing.Swept(state),
        BatchInput.ManifestWritten => Finishing.ManifestWritten(state),
        BatchInput.ReportWritten => Finishing.ReportWritten(state),
        BatchInput.FinishFailed failed => Finishing.Decide(state, failed),
        BatchInput.Cancel => Stopping.Cancel(state),
        BatchInput.Continue next => Continuing.Decide(state, next),
        BatchInput.RetryFailed retry => Stopping.Retry(state, retry),
        BatchInput.Tick tick => Ticking.Decide(state, tick),
        _ => throw new UnreachableException(),
    };
}

/// <summary>Collects a decision, and knows what follows when it settles the last item.</summary>
internal sealed class Decider(BatchState state)
{
    private readonly ImmutableArray<BatchEvent>.Builder _events = ImmutableArray.CreateBuilder<BatchEvent>();
    private readonly ImmutableArray<BatchEffect>.Builder _effects = ImmutableArray.CreateBuilder<BatchEffect>();
    private int _open = state.OpenCount;
    private int _staged = state.Count(ItemStatus.Staged);
    private int _committed = state.Count(ItemStatus.Committed);
    private bool _settles;

    /// <summary>What was added so far.</summary>
    public IEnumerable<BatchEvent> Events => _events;

    /// <summary>Adds an event that leaves the item open.</summary>
    public void Add(BatchEvent happened) => _events.Add(happened);

    /// <summary>Adds an effect.</summary>
    public void Add(BatchEffect effect) => _effects.Add(effect);

    /// <summary>Adds an event that ends an open item.</summary>
    public void Close(BatchEvent happened)
    {
        _events.Add(happened);
        _open--;
        _committed += happened is BatchEvent.ItemCommitted ? 1 : 0;
        _settles = true;
    }

    /// <summary>Adds the failure of an item that waits for the gate.</summary>
    public void Refuse(BatchEvent.ItemFailed failed)
    {
        _events.Add(failed);
        _staged--;
        _settles = true;
    }

    /// <summary>Adds an event after which an open item waits for the gate.</summary>
    public void Stage(BatchEvent.ItemStaged staged)
    {
        _events.Add(staged);
        _open--;
        _staged++;
        _settles = true;
    }

    /// <summary>Adds a stop: everything ends but what is about to be published.</summary>
    public void Stop(StopReason reason)
    {
        _events.Add(new BatchEvent.StopRequested(reason));
        _open = state.Count(ItemStatus.Intent);
        _staged = 0;
        _settles = true;
    }

    /// <summary>The decision, with the gate, the join or the sweep if no open item is left.</summary>
    public BatchDecision Done(BatchAnswer? answer = null)
    {
        if (_settles && _open == 0)
        {
            _effects.Add(_staged > 0 ? new BatchEffect.EvaluateGate()
                : Finishing.IsJoinDue(state, _committed) ? new BatchEffect.Join()
                : new BatchEffect.Sweep());
        }

        return new BatchDecision(_events.ToImmutable(), _effects.ToImmutable(), answer ?? new BatchAnswer.Nothing());
    }
}
