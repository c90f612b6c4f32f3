namespace OrleansClean.Batches.Tests;

/// <summary>
/// A batch in a hostile world, driven by one seed: messages are lost, doubled, late and out of order; commits happen and
/// say they did not; workers die and come back; the coordinator crashes between any two steps. Then the world heals, and
/// the batch must end. No clock, no thread: what a seed does it does again.
/// </summary>
internal sealed class Simulation(int seed)
{
    private readonly Random _random = new(seed);
    private readonly BatchUnderTest _batch = new();
    private readonly List<(long At, Func<BatchInput> Input)> _messages = [];
    private readonly Dictionary<int, int> _published = [];
    private readonly Dictionary<string, (long Generation, long Sequence, HashSet<AttemptId> Held)> _workers = [];
    private readonly Dictionary<AttemptId, CommitOutcome> _gone = [];
    private readonly List<string> _history = [];
    private long _now;
    private long _incarnation;
    private bool _isHealed;

    /// <summary>Runs until the batch is done; throws with the history if an invariant breaks or it never ends.</summary>
    public void Run()
    {
        try
        {
            Drive();
        }
        catch (Exception e) when (e is not InvalidOperationException)
        {
            throw new InvalidOperationException(
                $"seed={seed}: {e.Message}\n{string.Join('\n', _history.TakeLast(40))}", e);
        }
    }

    private void Drive()
    {
        var items = _random.Next(0, 7);
        Open();
        Send(() => new BatchInput.Submit(Spec()) { At = Now });
        for (var i = 1; i <= 3; i++)
        {
            _workers[$"w{i}"] = (1, 0, []);
        }

        End(items);
        while (!HasJoin && _random.Next(2) == 0 && Feed(new BatchInput.RetryFailed { At = Now }, items).Answer is BatchAnswer.Accepted)
        {
            End(items);
        }

        for (var item = 0; item < _batch.State.ItemCount; item++)
        {
            Assert.Equal(_published.ContainsKey(item), _batch.State.Item(item).Status == ItemStatus.Committed);
        }
    }

    private void End(int items)
    {
        for (var step = 0; _batch.State.Phase != BatchPhase.Done; step++)
        {
            _isHealed = step > 300;
            Assert.True(step < 2_000, "the world is healed and the batch does not end");
            _now += _random.Next(0, _isHealed ? 3_000 : 1_000);
            Step(items);
        }
    }

    private Moment Now => new(_now);

    /// <summary>A batch of parts is tried again as a whole: that is a story of its own.</summary>
    private bool HasJoin => seed % 6 == 0;

    private BatchSpec Spec() => new()
    {
        Id = "b",
        BodyHash = "x",
        BodyDocument = "body",
        HasGate = seed % 3 == 0,
        HasJoin = HasJoin,
        RetriesMax = 2,
        LossesMax = 4,
        ItemTimeout = seed % 5 == 0 ? TimeSpan.FromSeconds(40) : null,
    };

    private void Step(int items)
    {
        var choice = _random.Next(100);
        if (!_isHealed && choice < 3)
        {
            _history.Add("crash");
            _batch.Crash();
            _messages.RemoveAll(_ => _random.Next(2) == 0);
            Open();
        }
        else if (!_isHealed && choice < 6)
        {
            var name = $"w{_random.Next(1, 4)}";
            _history.Add($"{name} restarts");
            _workers[name] = (_workers[name].Generation + 1, 0, []);
        }
        else if (!_isHealed && choice == 6 && _random.Next(4) == 0)
        {
            Send(() => new BatchInput.Cancel { At = Now });
        }
        else if (!_isHealed && choice == 8)
        {
            Send(() => new BatchInput.Continue(null) { At = Now });
        }
        else if (choice == 7)
        {
            _batch.Roll();
        }
        else if (choice < 30)
        {
            Feed(new BatchInput.Tick { At = Now, Chance = _random.NextDouble() }, items);
        }
        else if (choice < 55)
        {
            Take($"w{_random.Next(1, 4)}", items);
        }

        Deliver(items);
    }

    private void Open()
    {
        Feed(new BatchInput.Open(++_incarnation) { At = Now }, 0);
        Send(() => new BatchInput.Submit(Spec()) { At = Now });
    }

    private void Take(string name, int items)
    {
        var (generation, sequence, held) = _workers[name];
        _workers[name] = (generation, sequence + 1, held);
        var worker = new WorkerId(name, generation);
        var decision = Feed(new BatchInput.Take(worker, sequence + 1, _random.Next(0, 3), [.. held]) { At = Now }, items);
        if (decision.Answer is BatchAnswer.Work work && (_isHealed || _random.Next(10) > 0))
        {
            held.ExceptWith(work.Stop);
            foreach (var attempt in work.Attempts)
            {
                held.Add(attempt);
                Send(() => Finish(worker, attempt));
            }
        }
    }

    /// <summary>A worker ends an attempt; a zombie does so too.</summary>
    private BatchInput.Report Finish(WorkerId worker, AttemptId attempt)
    {
        if (_workers[worker.Name].Generation == worker.Generation)
        {
            _workers[worker.Name].Held.Remove(attempt);
        }

        AttemptOutcome outcome = _random.Next(12) switch
        {
            0 => new AttemptOutcome.Failed(new Failure("storage-error", "", IsTransient: true)),
            1 => new AttemptOutcome.Failed(new Failure("malformed-file", "", IsTransient: false)),
            2 => new AttemptOutcome.Unchanged("u"),
            3 => new AttemptOutcome.Released(),
            _ => new AttemptOutcome.Ready($"staged by {attempt.Number}"),
        };
        return new BatchInput.Report(attempt, outcome) { At = Now, Chance = _random.NextDouble() };
    }

    private void Carry(BatchEffect effect, int items)
    {
        switch (effect)
        {
            case BatchEffect.ListInputs:
                Promise(() => _isHealed || _random.Next(3) > 0
                    ? new BatchInput.ListingDone("listing", items) { At = Now }
                    : new BatchInput.ListingFailed(new Failure("storage-error", "", IsTransient: true)) { At = Now });
                break;
            case BatchEffect.Commit commit:
                Promise(() => Commit(commit));
                break;
            case BatchEffect.EvaluateGate:
                Promise(() => new BatchInput.GateDecided(_random.Next(2) == 0, "closed")
                {
                    At = Now,
                    Refused = HasJoin && items > 0 && _random.Next(3) == 0
                        ? [new RefusedItem(_random.Next(items), new Failure("missing-label", "", IsTransient: false))]
                        : [],
                });
                break;
            case BatchEffect.Join:
                Promise(() => _isHealed || _random.Next(3) > 0
                    ? new BatchInput.Joined("one") { At = Now }
                    : new BatchInput.FinishFailed(new Failure("storage-error", "", IsTransient: true)) { At = Now });
                break;
            case BatchEffect.Sweep:
                Promise(() => _isHealed || _random.Next(3) > 0
                    ? new BatchInput.Swept { At = Now }
                    : new BatchInput.FinishFailed(new Failure("storage-error", "", IsTransient: true)) { At = Now });
                break;
            case BatchEffect.WriteManifest:
                Promise(() => new BatchInput.ManifestWritten { At = Now });
                break;
            case BatchEffect.WriteReport:
                Promise(() => new BatchInput.ReportWritten { At = Now });
                break;
        }
    }

    /// <summary>The store: the first commit of an item wins, the same again is the same, another attempt's is a broken promise.</summary>
    private BatchInput.CommitResolved Commit(BatchEffect.Commit commit)
    {
        var item = commit.Attempt.Item;
        CommitOutcome outcome = new CommitOutcome.Unknown();
        var isExecuted = _isHealed || _random.Next(4) > 0;
        if (_gone.TryGetValue(commit.Attempt, out var gone))
        {
            outcome = gone;
        }
        else if (_published.TryGetValue(item, out var by))
        {
            Assert.Equal(by, commit.Attempt.Number);
            outcome = new CommitOutcome.Published("p");
        }
        else if (isExecuted && _random.Next(15) == 0)
        {
            // What is gone stays gone, and a stranger's object stays: a late copy of this commit finds the same.
            outcome = _random.Next(2) == 0 ? new CommitOutcome.StageLost() : new CommitOutcome.Conflict("");
            _gone[commit.Attempt] = outcome;
        }
        else if (isExecuted)
        {
            _published[item] = commit.Attempt.Number;
            outcome = _isHealed || _random.Next(3) > 0 ? new CommitOutcome.Published("p") : new CommitOutcome.Unknown();
        }

        return new BatchInput.CommitResolved(commit.Attempt, outcome) { At = Now, Chance = _random.NextDouble() };
    }

    private void Send(Func<BatchInput> input)
    {
        if (_isHealed)
        {
            _messages.Add((_now, input));
            return;
        }

        for (var copies = _random.Next(10) switch { 0 => 0, 1 => 2, _ => 1 }; copies > 0; copies--)
        {
            _messages.Add((_now + (_random.Next(5) == 0 ? _random.Next(60_000) : _random.Next(2_000)), input));
        }
    }

    /// <summary>What the process itself carries out is not lost while it lives: it comes late, or twice.</summary>
    private void Promise(Func<BatchInput> input)
    {
        _messages.Add((_now + (_random.Next(5) == 0 ? _random.Next(60_000) : _random.Next(2_000)), input));
        if (!_isHealed && _random.Next(10) == 0)
        {
            _messages.Add((_now + _random.Next(60_000), input));
        }
    }

    private void Deliver(int items)
    {
        var due = _messages.FindAll(message => message.At <= _now || _isHealed);
        _messages.RemoveAll(due.Contains);
        foreach (var (_, input) in due.OrderBy(_ => _random.Next()))
        {
            Feed(input(), items);
        }
    }

    private BatchDecision Feed(BatchInput input, int items)
    {
        _history.Add($"{_now} {input}");
        var decision = _batch.Feed(input);
        _history.AddRange(decision.Events.Select(happened => "    " + Shown.Of(happened)));
        foreach (var effect in decision.Effects)
        {
            Carry(effect, items);
        }

        return decision;
    }
}
