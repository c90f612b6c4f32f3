namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>Two worlds with the same hash have the same future: that is what lets all orders of events be tried.</summary>
internal sealed partial class World
{
    /// <summary>The same world, to go another way.</summary>
    public World Clone()
    {
        var clone = new World(Plan, _tell) { _journal = _journal.Clone(), _store = _store.Clone(), Checker = Checker.Clone(), _opened = _opened, _now = _now, _choices = _choices };
        clone._coordinators.AddRange(_coordinators.Select(coordinator => coordinator.Clone()));
        clone._workers.Clear();
        clone._workers.AddRange(_workers.Select(worker => worker.Clone()));
        clone._net.AddRange(_net);
        clone._replies.AddRange(_replies);
        clone._late.AddRange(_late);
        foreach (var (attempt, expected) in _expected)
        {
            clone._expected.Add(attempt, expected);
        }

        return clone;
    }

    /// <summary>Coordinators opened so far.</summary>
    public int Opened => _opened;

    /// <summary>True if a coordinator is alive that has not ended.</summary>
    public bool HasCoordinator => _coordinators.Exists(coordinator => !coordinator.HasEnded);

    /// <summary>True if an append of the coordinator is under way.</summary>
    public bool IsBusy(int coordinator) => Find(coordinator) is { Group: not null };

    /// <summary>True if the coordinator takes answers to its effects.</summary>
    public bool IsHeard(int coordinator) => Find(coordinator) is { IsActive: true };

    /// <summary>True if a commit of the item is under way: it drops what others have staged under the same names.</summary>
    public bool IsBeingPublished(int item) => _late.Exists(late => late is LateWrite.Commit commit && commit.Attempt.Item == item)
        || _coordinators.Exists(coordinator => coordinator.Effects.Exists(carrying => carrying.Attempt?.Item == item));

    /// <summary>True if an answer to the worker is on its way.</summary>
    public bool IsAnswered(int name, int generation) => _replies.Exists(reply => reply.To.Worker == name && reply.To.Generation == generation);

    /// <summary>Forgets answers that nobody reads: those to clients and to processes that are gone.</summary>
    public void DropUnread() => _replies.RemoveAll(reply => Find(reply.To.Worker, reply.To.Generation) is null);

    /// <summary>True if the worker's call, or its answer, is still under way.</summary>
    public bool IsUnderWay(Kind kind, int name, int generation, int item, int number)
    {
        bool Is(Message message) => message.Kind == kind && message.Worker == name && message.Generation == generation && message.Item == item
            && (kind == Kind.Take || message.Number == number);
        return _net.Exists(Is) || _replies.Exists(reply => Is(reply.To));
    }

    /// <summary>True if the newest coordinator would do something about a worker's call.</summary>
    public bool WouldMatter(int name, int generation)
    {
        if (Newest is not { Group: null } newest || Find(name, generation) is not { } worker)
        {
            return false;
        }

        // It would find out that it was replaced.
        if (newest.Position != _journal.Length && _now - newest.ConfirmedAt >= ConfirmEvery)
        {
            return true;
        }

        var held = worker.Held.Keys.Select(key => new AttemptId(key.Item, key.Number));
        var take = new BatchInput.Take(worker.Id, worker.Sequence + 1, worker.Held.Count == 0 ? 1 : 0, [.. held]) { At = new Moment(_now + newest.Skew) };
        var decision = BatchMachine.Decide(newest.State, take);
        return decision.Events.Any(happened => happened.IsDurable) || decision.Answer is BatchAnswer.Work { Stop.Length: > 0 };
    }

    /// <summary>The hash of everything that matters from here on. Times, places and numbers count as far as they differ from one another.</summary>
    public ulong Hash()
    {
        var hash = default(WorldHash);
        Checker.AddTo(ref hash);
        _store.AddTo(ref hash);
        hash.AddAll(_coordinators, HashOf);
        hash.AddAll(_workers, worker =>
        {
            var inner = default(WorldHash);
            inner.Add(1, worker.Name, worker.Generation, worker.IsAsking ? 1 : 0);
            foreach (var ((item, number), outcome) in worker.Held)
            {
                inner.Add(item, number, outcome?.GetHashCode() ?? 0);
            }

            return inner.Value;
        });
        hash.AddAll(_net, message => HashOf(message, 2));
        hash.AddAll(_replies, reply => HashOf(reply.To, HashOf(reply.Answer)));
        hash.AddAll(_late, HashOf);
        return hash.Value;
    }

    private ulong HashOf(Coordinator coordinator)
    {
        var hash = default(WorldHash);
        var state = coordinator.State;
        hash.Add(3, _now - coordinator.ConfirmedAt >= ConfirmEvery ? 1 : 0, coordinator.IsOpening ? 1 : 0, coordinator.HasEnded ? 1 : 0, coordinator.Tries, coordinator.Position - _journal.Length);
        hash.Add((int)state.Phase, state.Round, state.Stop is null ? 0 : 1, state.IsGateOpen ? 1 : 0, state.IsSwept ? 1 : 0, state.HasManifest ? 1 : 0);
        hash.Add(state.FinishAgainAt?.Milliseconds - _now ?? -1);
        hash.Add(coordinator.Incarnation - _coordinators[^1].Incarnation);
        for (var index = 0; index < state.ItemCount; index++)
        {
            var item = state.Item(index);
            hash.Add((int)item.Status, item.Attempt, item.Failures, item.Losses, state.MayLand(index) ? 1 : 0);
            hash.Add(state.CommitAgainAt.TryGetValue(index, out var commit) ? commit.Milliseconds - _now : -1);
            hash.Add(state.AgainAt.TryGetValue(index, out var again) ? Math.Max(0, again - _now) : -1);
            hash.Add(state.Barred.TryGetValue(index, out var bar) && bar.Until.Milliseconds > _now ? bar.Until.Milliseconds - _now + bar.Worker[^1] : -1);
            hash.Add(state.Running.TryGetValue(index, out var running) ? (running.Worker.Name[^1] * 100) + running.Worker.Generation : -1);
        }

        hash.AddAll(state.Workers, pair => HashOf(pair.Key, pair.Value));
        hash.AddAll(coordinator.Effects, carrying =>
        {
            var inner = default(WorldHash);
            inner.Add((int)carrying.Kind, carrying.Attempt?.Item ?? -1, carrying.Attempt?.Number ?? -1, carrying.Step, carrying.IsOpen ? 1 : 0, carrying.Effect.Round);
            inner.Add(carrying.Kind is Kind.Manifest or Kind.Paper && carrying.Step > 0 && carrying.Tag == _store.PaperTag(carrying.Kind) ? 1 : 0);
            return inner.Value;
        });
        foreach (var pending in coordinator.Group ?? [])
        {
            hash.Add(pending.From is null ? 4 : (long)HashOf(pending.From, HashOf(pending.Decision!.Answer)));
            foreach (var happened in pending.Decision!.Events.Where(happened => happened.IsDurable))
            {
                hash.Add(happened.GetType().Name.Length, (happened as BatchEvent.Dispatched)?.Attempt.Item ?? 0);
            }
        }

        foreach (var pending in coordinator.Inbox)
        {
            hash.Add(pending.From is null ? pending.Input.GetType().Name.Length : (long)HashOf(pending.From, 5));
        }

        return hash.Value;
    }

    private ulong HashOf(string name, WorkerState known)
    {
        var hash = default(WorldHash);
        var newest = _workers.FindLast(worker => worker.Id.Name == name && worker.Id.Generation == known.Generation);
        hash.Add(name);
        hash.Add(known.Generation);
        hash.Add(newest is null || known.Sequence >= newest.Sequence ? 1 : 0);
        hash.Add(Math.Max(-1, known.LeaseUntil.Milliseconds - _now));

        // Of the numbers of calls it matters only which of those under way came too late.
        foreach (var message in _net.Where(message => message.Kind == Kind.Take && newest is not null && message.Worker == newest.Name && message.Generation == newest.Generation))
        {
            hash.Add(message.Number <= known.Sequence ? 1 : 0);
        }

        return hash.Value;
    }

    private ulong HashOf(Message message, ulong salt)
    {
        var hash = default(WorldHash);
        hash.Add((long)salt);
        var newest = message.Kind == Kind.Take ? Find(message.Worker, message.Generation) : null;
        hash.Add((int)message.Kind, message.Worker, message.Generation, message.Item, newest is null ? message.Number : message.Number == newest.Sequence ? -1 : -2);
        switch (message.Input)
        {
            case BatchInput.Take take:
                hash.Add(take.FreeSlots);
                hash.AddAll(take.Held, held => (ulong)((held.Item * 1000) + held.Number + 1));
                break;
            case BatchInput.Report report:
                hash.Add(report.Outcome.GetHashCode());
                break;
        }

        return hash.Value;
    }

    private static ulong HashOf(BatchAnswer answer)
    {
        var hash = default(WorldHash);
        if (answer is not BatchAnswer.Work work)
        {
            hash.Add(answer.GetHashCode());
            return hash.Value;
        }

        hash.AddAll(work.Attempts, attempt => (ulong)((attempt.Item * 1000) + attempt.Number + 1));
        hash.AddAll(work.Stop, attempt => (ulong)((attempt.Item * 1000) + attempt.Number + 1));
        return hash.Value;
    }

    private ulong HashOf(LateWrite late)
    {
        var hash = default(WorldHash);
        switch (late)
        {
            case LateWrite.Append append:
                hash.Add(6, append.Position - _journal.Length, append.Record.Events.Length, append.Record.Events[0].GetType().Name.Length);
                break;
            case LateWrite.Commit commit:
                hash.Add(7, commit.Attempt.Item, commit.Attempt.Number, commit.Object, commit.Expected == _store.Tag(commit.Attempt.Item, commit.Object) ? 1 : 0);
                break;
            case LateWrite.Paper paper:
                hash.Add(8, (int)paper.Kind, paper.Expected == _store.PaperTag(paper.Kind) ? 1 : 0);
                break;
            default:
                hash.Add(9);
                break;
        }

        return hash.Value;
    }
}
