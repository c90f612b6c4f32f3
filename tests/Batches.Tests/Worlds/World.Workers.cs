namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>Workers, and the messages between them, the clients and the coordinators.</summary>
internal sealed partial class World
{
    private bool Send(Message message)
    {
        _net.Add(message);
        return true;
    }

    private bool Ask(Worker worker, int free)
    {
        worker.Sequence++;
        worker.IsAsking = true;
        var held = worker.Held.Keys.Select(key => new AttemptId(key.Item, key.Number));
        var take = new BatchInput.Take(worker.Id, worker.Sequence, free, [.. held]) { At = default };
        return Send(new Message(Kind.Take, worker.Name, worker.Generation, 0, (int)worker.Sequence, take));
    }

    private bool Work(Worker worker, Choice choice)
    {
        var key = (choice.Item, choice.Number);
        if (!worker.Held.TryGetValue(key, out var ended) || ended is not null)
        {
            return false;
        }

        var attempt = new AttemptId(choice.Item, choice.Number);
        AttemptOutcome? outcome = choice.Fate switch
        {
            Fate.Ready when Plan.IsPiece(attempt.Item) => new AttemptOutcome.Unchanged(""),
            Fate.Ready => new AttemptOutcome.Ready($"s{attempt.Item}#{attempt.Number}"),
            Fate.Unchanged => new AttemptOutcome.Unchanged("u"),
            Fate.Passing => new AttemptOutcome.Failed(Passing),
            Fate.Lasting => new AttemptOutcome.Failed(Lasting),
            Fate.Released => new AttemptOutcome.Released(),
            _ => null,
        };
        if (outcome is null)
        {
            return false;
        }

        if (outcome is AttemptOutcome.Ready)
        {
            _store.Stage(attempt, Plan.Objects);
        }

        worker.Held[key] = outcome;
        return Tell(worker, choice);
    }

    private bool Tell(Worker worker, Choice choice)
    {
        if (!worker.Held.TryGetValue((choice.Item, choice.Number), out var outcome) || outcome is null)
        {
            return false;
        }

        var report = new BatchInput.Report(new AttemptId(choice.Item, choice.Number), outcome) { At = default };
        return Send(new Message(Kind.Report, worker.Name, worker.Generation, choice.Item, choice.Number, report));
    }

    private bool Restart(int name, bool isDouble)
    {
        if (_workers.FindLast(worker => worker.Name == name) is not { } newest)
        {
            return false;
        }

        _workers.Add(new Worker(newest.Id with { Generation = newest.Id.Generation + 1 }, name));
        if (!isDouble)
        {
            _workers.Remove(newest);
        }

        return true;
    }

    private bool Deliver(Choice choice)
    {
        if (Find(choice.To) is not { IsActive: true } coordinator || _net.Find(message => message.Is(choice)) is not { } message)
        {
            return false;
        }

        _net.Remove(message);
        return Enqueue(coordinator, message.Input, message);
    }

    private bool Answer(Choice choice)
    {
        if (_replies.Find(reply => reply.To.Is(choice)) is not { } reply)
        {
            return false;
        }

        _replies.Remove(reply);
        if (Find(choice.Who, choice.Generation) is not { } worker)
        {
            return true;
        }

        switch (reply.Answer)
        {
            // An answer to a call that nobody waits for any more reaches nobody.
            case BatchAnswer.Work work when worker.IsAsking && worker.Sequence == choice.Number:
                worker.IsAsking = false;
                foreach (var attempt in work.Stop)
                {
                    worker.Held.Remove((attempt.Item, attempt.Number));
                }

                foreach (var attempt in work.Attempts)
                {
                    _expected[attempt] = _store.Listing(Checker.Listing!)[attempt.Item];
                    worker.Held[(attempt.Item, attempt.Number)] = null;
                }

                break;
            case BatchAnswer.Reported:
                worker.Held.Remove((choice.Item, choice.Number));
                break;
        }

        return true;
    }
}
