using System.Text;
using OrleansClean.Batches;
using OrleansClean.Batches.Tests.Worlds;
using OrleansClean.Storage;
using OrleansClean.Storage.Faults;
using OrleansClean.Storage.Memory;

namespace OrleansClean.Execution.Tests.Coordination.Stepped;

/// <summary>
/// A batch in a hostile world, with the coordinator, the journal and the publication that ship, on a store as strict as blobs: one thread,
/// one seed. Every step of every process and every call of the store is taken when the seed says so, or never. The history of what became
/// visible goes through the checker of the simulated worlds. What a seed does it does again.
/// </summary>
internal sealed class SteppedWorld
{
    private const int HostileStepsMax = 1_500;
    private const int HealedStepsMax = 60_000;
    private static readonly StoreFaultKind[] Kinds = Enum.GetValues<StoreFaultKind>().Where(kind => kind != StoreFaultKind.Hang).ToArray();

    private readonly Random _random;
    private readonly SteppedPlan _plan;
    private readonly HistoryChecker _checker;
    private readonly MemoryStore _memory = new(new VirtualClock());
    private readonly StoreFaults _store;
    private readonly List<SteppedProcess> _processes = [];
    private readonly List<SteppedWorker> _workers = [];
    private readonly List<StoreFaultKind> _kinds = [];
    private readonly int _faultsInThousand;
    private readonly bool _mayDie;
    private readonly bool _mayDouble;
    private readonly bool _mayIntrude;
    private readonly bool _isSkewed;
    private readonly StringBuilder _history = new();
    private bool _isHealed;
    private bool _isSubmitting;
    private int _opened;

    public SteppedWorld(int seed)
    {
        _random = new Random(seed);
        _plan = new SteppedPlan(_random.Next(0, 5), _random.Next(1, 3), _random.Next(3) == 0);
        _checker = new HistoryChecker(_plan.Objects);
        _kinds.AddRange(Kinds.Where(_ => _random.Next(2) == 0));
        _faultsInThousand = _random.Next(4) == 0 ? 0 : _random.Next(1, 120);
        (_mayDie, _mayDouble, _mayIntrude, _isSkewed) = (Coin(), Coin(), _random.Next(4) == 0, Coin());
        _store = new StoreFaults(new RecordingStore(_memory, Happen), FaultOf);
        for (var name = 1; name <= 2; name++)
        {
            _workers.Add(new SteppedWorker(new WorkerId($"w{name}", 1)));
        }
    }

    /// <summary>What became visible, line by line.</summary>
    public string History => _history.ToString();

    /// <summary>Runs to the end; throws what broke.</summary>
    public void Run()
    {
        var hostile = _random.Next(100, HostileStepsMax);
        for (var step = 0; step < hostile && _checker.Phase != BatchPhase.Done; step++)
        {
            Choose();
        }

        _isHealed = true;
        for (var step = 0; _checker.Phase != BatchPhase.Done; step++)
        {
            if (step == HealedStepsMax)
            {
                throw new BrokenPromiseException($"L1: the world is healed and the batch is {_checker.Phase}: {string.Join(' ', _checker.Outcomes)}");
            }

            Choose();
        }

        _checker.CheckEnd();
    }

    private void Choose()
    {
        var choice = _random.Next(100);
        if (_processes.TrueForAll(process => process.HasEnded))
        {
            Open();
        }
        else if (choice < 70)
        {
            Step();
        }
        else if (choice < 80)
        {
            Work(_workers[_random.Next(_workers.Count)]);
        }
        else if (choice < 86)
        {
            Pass();
        }
        else if (choice < 90)
        {
            Submit();
        }
        else if (!_isHealed)
        {
            Harm(choice);
        }
        else if (choice < 92)
        {
            Land();
        }

        foreach (var process in _processes)
        {
            process.Answer();
            if (process.Bug is { } bug)
            {
                throw bug;
            }
        }
    }

    private void Harm(int choice)
    {
        switch (choice)
        {
            case 90 when _mayDie && _processes.Count > 0:
                Tell($"c{_processes[0].Number} dies");
                _processes.RemoveAt(_random.Next(_processes.Count));
                break;
            case 91 when _mayDouble && _processes.Count < 3:
                Open();
                break;
            case 92 when _mayIntrude && _random.Next(4) == 0 && _plan.Items > 0:
                Intrude();
                break;
            case 93 when _mayDie:
                Restart();
                break;
            case 94 when _random.Next(20) == 0:
                Send(new BatchInput.Cancel { At = default }, _ => { });
                break;
            case 95 or 96:
                Land();
                break;
        }
    }

    private void Open()
    {
        _processes.RemoveAll(process => process.HasEnded);
        var ahead = _isSkewed ? TimeSpan.FromMinutes(_random.Next(-60, 60)) : TimeSpan.Zero;
        Tell($"c{++_opened} opens");
        _processes.Add(new SteppedProcess(_opened, _store, _plan, ahead, _random, Happen));
    }

    private void Step()
    {
        var process = _processes[_random.Next(_processes.Count)];
        if (process.Steps > 0)
        {
            process.Step(_random.Next(process.Steps));
        }
    }

    private void Pass()
    {
        var rings = _processes.Select(process => process.Time.ToNextRing ?? TimeSpan.FromSeconds(5)).DefaultIfEmpty(TimeSpan.FromSeconds(1));
        var time = _random.Next(3) == 0 ? rings.Min() : TimeSpan.FromMilliseconds(_random.Next(1, 500));
        foreach (var process in _processes)
        {
            process.Time.Pass(time);
        }
    }

    private void Submit()
    {
        // Who hears nothing asks again: whoever was asked may be gone.
        if (_checker.Phase == BatchPhase.New && (!_isSubmitting || _random.Next(10) == 0))
        {
            _isSubmitting = Send(new BatchInput.Submit(_plan.Spec) { At = default }, _ => _isSubmitting = false);
        }
    }

    /// <summary>Sends to the process that was opened last, or while the world is hostile to any; false if nobody is there. An answer may be lost.</summary>
    private bool Send(BatchInput input, Action<BatchAnswer?> answered)
    {
        var active = _processes.FindAll(process => process.IsActive);
        if (active.Count == 0)
        {
            return false;
        }

        var process = _isHealed ? active[^1] : active[_random.Next(active.Count)];
        process.Send(input, answer =>
        {
            if (answer is not null)
            {
                Happen(new Happening.Answered(process.Number, input, answer));
            }

            answered(answer);
        });
        return true;
    }

    private void Work(SteppedWorker worker)
    {
        var (attempt, outcome) = worker.Held.OrderBy(_ => _random.Next()).FirstOrDefault();
        if (attempt is null || _random.Next(4) == 0)
        {
            Ask(worker);
        }
        else if (outcome is null)
        {
            worker.Held[attempt] = _random.Next(_isHealed ? 100 : 12) switch
            {
                0 => new AttemptOutcome.Failed(new Failure("storage-error", "", IsTransient: true)),
                1 when !_isHealed => new AttemptOutcome.Failed(new Failure("malformed-file", "", IsTransient: false)),
                _ => SteppedWorker.Stage(_memory, attempt, _checker.Tags(attempt.Item)),
            };
        }
        else
        {
            Send(new BatchInput.Report(attempt, outcome) { At = default }, answer =>
            {
                if (answer is not null && !IsLost())
                {
                    worker.Held.Remove(attempt);
                }
            });
        }
    }

    private void Ask(SteppedWorker worker)
    {
        // An answer that does not come is not waited for: the next call has a higher number.
        if (worker.IsAsking && _random.Next(10) > 0)
        {
            return;
        }

        var sequence = ++worker.Sequence;
        worker.IsAsking = Send(new BatchInput.Take(worker.Id, sequence, Math.Max(0, 2 - worker.Held.Count), [.. worker.Held.Keys]) { At = default }, answer =>
        {
            if (sequence != worker.Sequence)
            {
                return;
            }

            worker.IsAsking = false;
            if (answer is BatchAnswer.Work work && !IsLost())
            {
                foreach (var attempt in work.Stop)
                {
                    worker.Held.Remove(attempt);
                }

                foreach (var attempt in work.Attempts)
                {
                    worker.Held[attempt] = null;
                }
            }
        });
    }

    private void Restart()
    {
        var worker = _workers[_random.Next(_workers.Count)];
        var newest = _workers.Where(other => other.Id.Name == worker.Id.Name).MaxBy(other => other.Id.Generation)!;
        if (newest.Id.Generation == 4)
        {
            return;
        }

        _workers.Add(new SteppedWorker(newest.Id with { Generation = newest.Id.Generation + 1 }));
        Tell($"{worker.Id.Name} starts again");
        if (Coin())
        {
            _workers.Remove(newest);
        }
    }

    private void Intrude()
    {
        var (item, index) = (_random.Next(_plan.Items), _plan.Objects - 1);
        var name = RecordingStore.Output(item, index);
        var found = _memory.FindAsync(name, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var content = Encoding.UTF8.GetBytes($"a stranger's {_history.Length}");
        var written = (WriteResult.Written)_memory.WriteDocumentAsync(name, content, Precondition.AsFound(found), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        Happen(new Happening.Intruded(item, index, RecordingStore.TagOf(written.ETag)!.Value));
    }

    private void Land() => _store.LandAsync().AsTask().GetAwaiter().GetResult();

    private StoreFaultKind? FaultOf(StoreCall call) =>
        _isHealed || _kinds.Count == 0 || _random.Next(1_000) >= _faultsInThousand ? null : _kinds[_random.Next(_kinds.Count)];

    private bool IsLost() => !_isHealed && _random.Next(12) == 0;

    private bool Coin() => _random.Next(2) == 0;

    private void Tell(string line) => _history.Append(line).Append('\n');

    private void Happen(Happening happening)
    {
        Tell(happening.ToString());
        _checker.Add(happening);
    }
}
