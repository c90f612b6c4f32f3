namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>What may happen next.</summary>
internal sealed partial class World
{
    private static readonly Fate[] AppendFates = [Fate.Before, Fate.After, Fate.Late, Fate.Part];
    private static readonly Fate[] CarryFates = [Fate.Before, Fate.After, Fate.Late, Fate.Refused];
    private static readonly Fate[] WorkFates = [Fate.Passing, Fate.Lasting, Fate.Unchanged, Fate.Released];

    /// <summary>Adds every choice that makes sense now. Only good ones if the world is healed.</summary>
    public void AddChoices(List<Choice> choices, bool isHealed)
    {
        bool May(Faults fault) => !isHealed && Plan.Faults.HasFlag(fault);
        foreach (var coordinator in _coordinators)
        {
            AddChoices(coordinator, choices, isHealed);
        }

        foreach (var worker in _workers)
        {
            AddChoices(worker, choices, May);
        }

        AddMessages(choices, isHealed, May);
        AddClient(choices, isHealed, May);
        AddWorld(choices, May);
        var isAlone = _coordinators.TrueForAll(coordinator => coordinator.HasEnded);
        if (isAlone || (May(Faults.CoordinatorDoubles) && _coordinators.Count < Plan.CoordinatorsMax))
        {
            choices.Add(new Choice(Verb.Open, Amount: May(Faults.Skew) ? SkewOf(_opened) : 0));
        }

        if (isAlone && _coordinators.Count >= Plan.CoordinatorsMax)
        {
            choices.Add(new Choice(Verb.Kill, _coordinators[0].Number));
        }
    }

    /// <summary>Milliseconds to the next moment at which a clock changes something by itself; null if there is none.</summary>
    public int? Wait()
    {
        long? next = null;
        foreach (var coordinator in _coordinators.Where(coordinator => coordinator is { IsActive: true, Group: null }))
        {
            var moments = coordinator.State.AgainAt.Values.Select(at => (Moment?)new Moment(at)).Append(BatchMachine.NextTick(coordinator.State));
            moments = moments.Concat(coordinator.State.Barred.Values.Select(bar => (Moment?)bar.Until));
            if (coordinator.Position != _journal.Length)
            {
                moments = moments.Append(new Moment(coordinator.ConfirmedAt + ConfirmEvery + coordinator.Skew));
            }

            foreach (var moment in moments)
            {
                var wait = moment?.Milliseconds - coordinator.Skew - _now;
                next = wait > 0 && (next is null || wait < next) ? wait : next;
            }
        }

        return next > int.MaxValue ? int.MaxValue : (int?)next;
    }

    /// <summary>True if a coordinator's clock says that it is time to look.</summary>
    public bool IsDue(Coordinator coordinator) => coordinator is { IsActive: true, Group: null }
        && BatchMachine.NextTick(coordinator.State) is { } next && next.Milliseconds <= _now + coordinator.Skew;

    private static int SkewOf(int opened) => (opened % 4) switch { 0 => 0, 1 => 3_600, 2 => -3_600, _ => 40 };

    private void AddChoices(Coordinator coordinator, List<Choice> choices, bool isHealed)
    {
        var number = coordinator.Number;
        if (coordinator is { Group: not null, HasEnded: false })
        {
            choices.Add(new Choice(Verb.Append, number));
            AddFates(choices, choices[^1], AppendFates, isHealed);
        }

        foreach (var carrying in coordinator.Effects)
        {
            choices.Add(new Choice(Verb.Carry, number, Kind: carrying.Kind, Item: carrying.Attempt?.Item ?? 0, Number: carrying.Attempt?.Number ?? 0));
            AddFates(choices, choices[^1], CarryFates, isHealed);
        }

        if (IsDue(coordinator))
        {
            choices.Add(new Choice(Verb.Tick, number));
        }

        if (!isHealed && Plan.Faults.HasFlag(Faults.CoordinatorDies))
        {
            choices.Add(new Choice(Verb.Kill, number));
        }

        if (!isHealed && Plan.Faults.HasFlag(Faults.Rolls) && coordinator is { IsActive: true, Group: null })
        {
            choices.Add(new Choice(Verb.Roll, number));
        }
    }

    private void AddFates(List<Choice> choices, Choice good, Fate[] fates, bool isHealed)
    {
        foreach (var fate in fates)
        {
            var fault = fate switch
            {
                Fate.Before => Faults.StoreBefore,
                Fate.After => Faults.StoreAfter,
                Fate.Late => Faults.StoreLate,
                Fate.Part => Faults.PartialAppend,
                _ => Faults.StoreRefuses,
            };
            if (!isHealed && Plan.Faults.HasFlag(fault))
            {
                choices.Add(good with { Fate = fate });
            }
        }
    }

    private static void AddChoices(Worker worker, List<Choice> choices, Func<Faults, bool> may)
    {
        var (name, generation) = (worker.Name, worker.Generation);
        if (!worker.IsAsking)
        {
            choices.Add(new Choice(Verb.Ask, name, generation, Amount: Math.Max(0, 2 - worker.Held.Count)));
        }
        else
        {
            choices.Add(new Choice(Verb.GiveUp, name, generation));
        }

        foreach (var ((item, number), outcome) in worker.Held)
        {
            choices.Add(new Choice(outcome is null ? Verb.Work : Verb.Tell, name, generation, Item: item, Number: number, Fate: outcome is null ? Fate.Ready : Fate.Good));
            if (outcome is null && may(Faults.ItemFails))
            {
                var ready = choices[^1];
                choices.AddRange(WorkFates.Select(fate => ready with { Fate = fate }));
            }
        }

        if (may(Faults.WorkerDies))
        {
            choices.Add(new Choice(Verb.Restart, name));
        }

        if (may(Faults.WorkerDoubles) && generation < 6)
        {
            choices.Add(new Choice(Verb.Double, name));
        }
    }

    private void AddMessages(List<Choice> choices, bool isHealed, Func<Faults, bool> may)
    {
        var newest = Newest;
        for (var i = 0; i < _net.Count; i++)
        {
            if (i == 0 || isHealed || may(Faults.Delay))
            {
                AddArrivals(choices, _net[i], newest, isHealed);
            }

            if (may(Faults.Drop))
            {
                choices.Add(_net[i].As(Verb.Drop));
            }

            if (may(Faults.Copy) && _net.Count < 12)
            {
                choices.Add(_net[i].As(Verb.Copy));
            }
        }

        for (var i = 0; i < _replies.Count; i++)
        {
            choices.Add(_replies[i].To.As(Verb.Answer));
            if (may(Faults.Drop))
            {
                choices.Add(_replies[i].To.As(Verb.Lose));
            }
        }
    }

    private void AddArrivals(List<Choice> choices, Message message, Coordinator? newest, bool isHealed)
    {
        foreach (var coordinator in _coordinators)
        {
            if (coordinator == newest || (coordinator.IsActive && !isHealed))
            {
                choices.Add(message.As(Verb.Deliver, coordinator.Number));
            }
        }
    }

    private void AddClient(List<Choice> choices, bool isHealed, Func<Faults, bool> may)
    {
        if (_net.Exists(message => message.Worker == 0))
        {
            return;
        }

        if (Checker.Phase == BatchPhase.New || !isHealed)
        {
            choices.Add(new Choice(Verb.Client, Kind: Kind.Submit));
        }

        if (!isHealed)
        {
            choices.Add(new Choice(Verb.Client, Kind: Kind.Other));
        }

        if (may(Faults.Cancels))
        {
            choices.Add(new Choice(Verb.Client, Kind: Kind.Cancel));
        }

        if (may(Faults.Retries) && Checker.Phase is BatchPhase.Done or BatchPhase.Finishing)
        {
            choices.Add(new Choice(Verb.Client, Kind: Kind.Retry));
        }
    }

    private void AddWorld(List<Choice> choices, Func<Faults, bool> may)
    {
        for (var i = 0; i < _late.Count; i++)
        {
            choices.Add(new Choice(Verb.Land, Number: i));
        }

        if (may(Faults.StageLost))
        {
            choices.AddRange(_store.Staged.Select(staged => new Choice(Verb.Expire, Item: staged.Item, Number: staged.Number)));
        }

        for (var item = 0; item < Plan.Items && may(Faults.Stranger); item++)
        {
            choices.Add(new Choice(Verb.Intrude, Item: item, Number: Plan.Objects - 1));
        }
    }
}
