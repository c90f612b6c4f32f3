using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>Coordinators: what <c>BatchCoordinator</c> and its journal do, one step at a time.</summary>
internal sealed partial class World
{
    private bool Open(int skewSeconds)
    {
        if (_coordinators.Count >= Plan.CoordinatorsMax)
        {
            return false;
        }

        var coordinator = new Coordinator(++_opened, skewSeconds * 1000L);
        _coordinators.Add(coordinator);
        Load(coordinator);
        return true;
    }

    /// <summary>Reads the journal and decides to take it over; the opening is on its way.</summary>
    private void Load(Coordinator coordinator)
    {
        coordinator.Load(_journal.Read());
        coordinator.Position = _journal.Length;
        coordinator.Incarnation = coordinator.State.Incarnation + 1;
        coordinator.Inbox.Clear();
        coordinator.Inbox.Add(new Coordinator.Pending(new BatchInput.Open(coordinator.Incarnation) { At = default }, null, null));
        Decide(coordinator);
    }

    private static bool Enqueue(Coordinator coordinator, BatchInput input, Message? from)
    {
        coordinator.Inbox.Add(new Coordinator.Pending(input, from, null));
        return true;
    }

    /// <summary>Decides everything that came, each in the state that the one before leaves.</summary>
    private void Decide(Coordinator coordinator)
    {
        var decided = new List<Coordinator.Pending>(coordinator.Inbox.Count);
        var isDurable = false;
        foreach (var pending in coordinator.Inbox)
        {
            var input = pending.Input with { At = new Moment(_now + coordinator.Skew), Chance = Chance() };
            var before = BatchInvariants.Look(coordinator.State);
            var decision = BatchMachine.Decide(coordinator.State, input);
            CheckStale(coordinator.State, input, decision);
            foreach (var happened in decision.Events)
            {
                coordinator.Apply(happened);
                isDurable |= happened.IsDurable;
            }

            BatchInvariants.Check(coordinator.State, before, decision.Events);
            decided.Add(pending with { Input = input, Decision = decision });
        }

        coordinator.Inbox.Clear();
        if (isDurable)
        {
            (coordinator.Group, coordinator.Tries) = (decided, 0);
        }
        else if (Confirm(coordinator))
        {
            Release(coordinator, decided);
        }
    }

    /// <summary>Who answers from memory looks now and then whether the journal is its own; false if another one has written.</summary>
    private bool Confirm(Coordinator coordinator)
    {
        if (_now - coordinator.ConfirmedAt >= ConfirmEvery)
        {
            coordinator.HasEnded = coordinator.Position != _journal.Length;
            coordinator.ConfirmedAt = _now;
        }

        return !coordinator.HasEnded;
    }

    /// <summary>A message of an attempt or a worker that is not the current one has no effect (I11).</summary>
    private static void CheckStale(BatchState state, BatchInput input, BatchDecision decision)
    {
        var isStale = input switch
        {
            BatchInput.Report { Attempt: var attempt } => attempt.Item >= state.ItemCount || state.Item(attempt.Item).Attempt != attempt.Number,
            BatchInput.CommitResolved { Attempt: var attempt } => state.Item(attempt.Item).Attempt != attempt.Number,
            BatchInput.Take take => state.Workers.TryGetValue(take.Worker.Name, out var known) && take.Worker.Generation < known.Generation && take.At < known.LeaseUntil,
            _ => false,
        };
        if (isStale && (!decision.Events.IsEmpty || !decision.Effects.IsEmpty))
        {
            throw new BrokenPromiseException($"I11: {input} is not current and has an effect");
        }
    }

    private static ImmutableArray<BatchEvent> DurableEvents(Coordinator coordinator) =>
        [.. coordinator.Group!.SelectMany(pending => pending.Decision!.Events).Where(happened => happened.IsDurable)];

    private bool Append(Coordinator coordinator, Fate fate)
    {
        var record = new WorldJournal.Record(coordinator.Number, coordinator.Appends + 1, DurableEvents(coordinator));
        switch (fate)
        {
            case Fate.Good or Fate.After:
                Write(coordinator.Position, coordinator.Incarnation, record);
                break;
            case Fate.Late:
                _late.Add(new LateWrite.Append(coordinator.Position, coordinator.Incarnation, record));
                break;
            case Fate.Part when record.Events.Length > 1 && !coordinator.IsOpening:
                Write(coordinator.Position, coordinator.Incarnation, record with { Events = record.Events[..(record.Events.Length / 2)] });
                return _coordinators.Remove(coordinator);
            case Fate.Before:
                break;
            default:
                return false;
        }

        if (fate != Fate.After && _journal.At(coordinator.Position) is { } found)
        {
            ReadBack(coordinator, found);
        }
        else if (++coordinator.Tries == AppendTriesMax)
        {
            coordinator.HasEnded = true;
        }

        return true;
    }

    /// <summary>Own bytes are durable; another's mean that another one has taken over.</summary>
    private void ReadBack(Coordinator coordinator, WorldJournal.Record found)
    {
        if (found.Coordinator != coordinator.Number || found.Number != coordinator.Appends + 1)
        {
            if (coordinator.IsOpening)
            {
                Load(coordinator);
                return;
            }

            coordinator.HasEnded = true;
            return;
        }

        coordinator.Position++;
        coordinator.Appends++;
        coordinator.ConfirmedAt = _now;
        coordinator.IsOpening = false;
        var group = coordinator.Group!;
        coordinator.Group = null;
        Release(coordinator, group);
    }

    private void Write(int position, long incarnation, WorldJournal.Record record)
    {
        if (_journal.TryAppend(position, record))
        {
            Happen(new Happening.Durable(record.Coordinator, incarnation, record.Events));
        }
    }

    private void Release(Coordinator coordinator, List<Coordinator.Pending> decided)
    {
        foreach (var (input, from, decision) in decided)
        {
            if (from is not null)
            {
                Happen(new Happening.Answered(coordinator.Number, input, decision!.Answer));
                _replies.Add(new Reply(from, decision.Answer));
            }

            foreach (var effect in decision!.Effects)
            {
                Happen(new Happening.Released(coordinator.Number, effect));
                coordinator.Effects.Add(new Coordinator.Carrying(effect));
            }
        }
    }

    /// <summary>Closes the segment: the next one begins with a snapshot. What it gives on loading must be what the journal gave.</summary>
    private bool Roll(Coordinator coordinator)
    {
        if (coordinator.Position != _journal.Length)
        {
            coordinator.HasEnded = true;
            return true;
        }

        static string Json(BatchState state) => JsonSerializer.Serialize(state.Snapshot());
        var live = Json(coordinator.State);
        var replayed = Json(WorldJournal.Replay(_journal.Read()));
        _journal.Roll(coordinator.State);
        return live == replayed && live == Json(WorldJournal.Replay(_journal.Read()))
            ? true
            : throw new BrokenPromiseException($"I9: the live state is {live}, the journal gives {replayed}");
    }

    /// <summary>The machine's dice: another number for each choice, the same whenever the choices are the same.</summary>
    private double Chance() => Plan.HasNoChance ? 0.5 : (uint)(_choices * 2654435761) / (double)uint.MaxValue;
}
