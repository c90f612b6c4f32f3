using System.Collections.Immutable;

namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>
/// A batch with everything around it: processes of coordinators and workers, their messages, journal and store. Nothing in it happens
/// by itself: a scheduler makes one <see cref="Choice"/> after the other. What it chose it may choose again, and gets the same.
/// Whatever becomes visible goes through the <see cref="Checker"/> at once.
/// </summary>
internal sealed partial class World
{
    private const int AppendTriesMax = 3;
    private const long ConfirmEvery = 10_000;

    private readonly List<Coordinator> _coordinators = [];
    private readonly List<Worker> _workers = [];
    private readonly List<Message> _net = [];
    private readonly List<Reply> _replies = [];
    private readonly List<LateWrite> _late = [];
    private readonly Dictionary<AttemptId, ImmutableArray<int?>> _expected = [];
    private readonly Action<Happening>? _tell;
    private WorldJournal _journal = new();
    private WorldStore _store = new();
    private int _opened;
    private long _now = 1_000_000_000;
    private int _choices;

    public World(WorldPlan plan, Action<Happening>? tell = null)
    {
        Plan = plan;
        _tell = tell;
        Checker = new HistoryChecker(plan.Objects);
        for (var name = 1; name <= plan.Workers; name++)
        {
            _workers.Add(new Worker(new WorkerId($"w{name}", 1), name));
        }
    }

    /// <summary>Its size and manners.</summary>
    public WorldPlan Plan { get; }

    /// <summary>What holds it to its promises.</summary>
    public HistoryChecker Checker { get; private set; }

    /// <summary>Milliseconds since it began.</summary>
    public long Now => _now - 1_000_000_000;

    /// <summary>The coordinator that was opened last of those that take inputs, or null.</summary>
    public Coordinator? Newest => _coordinators.FindLast(coordinator => coordinator.IsActive);

    /// <summary>Lets a choice happen; false if it makes no sense here, and then nothing happens.</summary>
    public bool TryChoose(Choice choice)
    {
        _choices++;
        if (!Choose(choice))
        {
            return false;
        }

        foreach (var coordinator in _coordinators)
        {
            if (coordinator is { IsActive: true, Group: null, Inbox.Count: > 0 })
            {
                Decide(coordinator);
            }
        }

        return true;
    }

    private bool Choose(Choice choice) => choice.Verb switch
    {
        Verb.Time => Pass(choice.Amount),
        Verb.Open => Open(choice.Amount),
        Verb.Kill => _coordinators.RemoveAll(coordinator => coordinator.Number == choice.Who) > 0,
        Verb.Append => Find(choice.Who) is { Group: not null, HasEnded: false } coordinator && Append(coordinator, choice.Fate),
        Verb.Carry => Find(choice.Who) is { } coordinator && Carry(coordinator, choice),
        Verb.Tick => Find(choice.Who) is { IsActive: true } coordinator && Enqueue(coordinator, new BatchInput.Tick { At = default }, null),
        Verb.Roll => Find(choice.Who) is { IsActive: true, Group: null } coordinator && Roll(coordinator),
        Verb.Ask => Find(choice.Who, choice.Generation) is { IsAsking: false } worker && Ask(worker, choice.Amount),
        Verb.GiveUp => Find(choice.Who, choice.Generation) is { IsAsking: true } worker && !(worker.IsAsking = false),
        Verb.Work => Find(choice.Who, choice.Generation) is { } worker && Work(worker, choice),
        Verb.Tell => Find(choice.Who, choice.Generation) is { } worker && Tell(worker, choice),
        Verb.Restart => Restart(choice.Who, isDouble: false),
        Verb.Double => Restart(choice.Who, isDouble: true),
        Verb.Deliver => Deliver(choice),
        Verb.Drop => _net.Find(message => message.Is(choice)) is { } message && _net.Remove(message),
        Verb.Copy => _net.Find(message => message.Is(choice)) is { } message && Send(message),
        Verb.Answer => Answer(choice),
        Verb.Lose => _replies.Find(reply => reply.To.Is(choice)) is { } reply && _replies.Remove(reply),
        Verb.Client => Send(new Message(choice.Kind, 0, 0, 0, 0, ClientInput(choice.Kind))),
        Verb.Land => choice.Number < _late.Count && Land(choice.Number),
        Verb.Expire => Expire(new AttemptId(choice.Item, choice.Number)),
        Verb.Intrude => choice.Item < Plan.Items && Intrude(choice.Item, choice.Number),
        _ => false,
    };

    private bool Pass(int milliseconds)
    {
        _now += milliseconds;
        return milliseconds > 0;
    }

    private bool Expire(AttemptId attempt)
    {
        _store.Expire(attempt);
        return true;
    }

    private bool Intrude(int item, int index)
    {
        if (index >= Plan.Objects)
        {
            return false;
        }

        Happen(new Happening.Intruded(item, index, _store.Intrude(item, index)));
        return true;
    }

    private BatchInput ClientInput(Kind kind) => kind switch
    {
        Kind.Submit => new BatchInput.Submit(Plan.Spec) { At = default },
        Kind.Other => new BatchInput.Submit(Plan.Spec with { BodyHash = "other", BodyDocument = "body-other" }) { At = default },
        Kind.Cancel => new BatchInput.Cancel { At = default },
        _ => new BatchInput.RetryFailed { At = default },
    };

    private Coordinator? Find(int number) => _coordinators.Find(coordinator => coordinator.Number == number);

    private Worker? Find(int name, int generation) => _workers.Find(worker => worker.Name == name && worker.Generation == generation);

    private void Happen(Happening happening)
    {
        _tell?.Invoke(happening);
        Checker.Add(happening);
    }
}
