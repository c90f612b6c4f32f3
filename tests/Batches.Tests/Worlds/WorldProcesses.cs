using System.Collections.Immutable;

namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>A coordinator's process.</summary>
internal sealed class Coordinator(int number, long skew)
{
    /// <summary>Counts the coordinators of a world.</summary>
    public int Number { get; } = number;

    /// <summary>How far its clock is ahead, in milliseconds.</summary>
    public long Skew { get; } = skew;

    /// <summary>True before its opening is durable.</summary>
    public bool IsOpening { get; set; } = true;

    /// <summary>It was fenced, or its journal could not be written. What it let go before goes on.</summary>
    public bool HasEnded { get; set; }

    /// <summary>What it holds in memory, ahead of the journal while an append is under way.</summary>
    public BatchState State { get; private set; } = new();

    /// <summary>The incarnation that its appends carry.</summary>
    public long Incarnation { get; set; }

    /// <summary>Where its next append goes.</summary>
    public int Position { get; set; }

    /// <summary>When it last knew that the journal was its own.</summary>
    public long ConfirmedAt { get; set; }

    /// <summary>Its appends so far.</summary>
    public int Appends { get; set; }

    /// <summary>How often the append that is under way was sent.</summary>
    public int Tries { get; set; }

    /// <summary>Decisions whose events are on their way into the journal, or null.</summary>
    public List<Pending>? Group { get; set; }

    /// <summary>What came and is not decided.</summary>
    public List<Pending> Inbox { get; private set; } = [];

    /// <summary>Effects under way.</summary>
    public List<Carrying> Effects { get; private set; } = [];

    /// <summary>True if it takes inputs.</summary>
    public bool IsActive => !IsOpening && !HasEnded;

    private List<BatchEvent> Applied { get; set; } = [];

    private bool IsShared { get; set; }

    /// <summary>Begins with what the journal gives.</summary>
    public void Load(List<BatchEvent> events)
    {
        Applied = events;
        State = WorldJournal.Replay(events);
        IsShared = false;
    }

    /// <summary>Makes an event true in memory.</summary>
    public void Apply(BatchEvent happened)
    {
        if (IsShared)
        {
            (Applied, IsShared) = ([.. Applied], false);
            State = WorldJournal.Replay(Applied);
        }

        Applied.Add(happened);
        State.Apply(happened);
    }

    /// <summary>The same, in another world. The state is copied when one of the two changes it.</summary>
    public Coordinator Clone()
    {
        var clone = (Coordinator)MemberwiseClone();
        clone.Group = Group is null ? null : [.. Group];
        clone.Inbox = [.. Inbox];
        clone.Effects = [.. Effects];
        clone.IsShared = true;
        IsShared = true;
        return clone;
    }

    /// <summary>An input, whom it came from, and what was decided.</summary>
    public sealed record Pending(BatchInput Input, Message? From, BatchDecision? Decision);

    /// <summary>An effect, how far it is, and what it read on the way.</summary>
    public sealed record Carrying(BatchEffect Effect)
    {
        public int Step { get; init; }

        public int Tag { get; init; }

        public bool IsOpen { get; init; }

        public ImmutableArray<ItemStatus> Outcomes { get; init; }

        public Kind Kind => Effect switch
        {
            BatchEffect.ListInputs => Kind.List,
            BatchEffect.Commit => Kind.Commit,
            BatchEffect.EvaluateGate => Kind.Gate,
            BatchEffect.Sweep => Kind.Sweep,
            BatchEffect.WriteManifest => Kind.Manifest,
            _ => Kind.Paper,
        };

        public AttemptId? Attempt => (Effect as BatchEffect.Commit)?.Attempt;
    }
}

/// <summary>A worker's process.</summary>
internal sealed class Worker(WorkerId id, int name)
{
    public WorkerId Id { get; } = id;

    /// <summary>The number of its name.</summary>
    public int Name { get; } = name;

    public int Generation => (int)Id.Generation;

    /// <summary>Its calls so far.</summary>
    public long Sequence { get; set; }

    /// <summary>It waits for the answer to its last call.</summary>
    public bool IsAsking { get; set; }

    /// <summary>Attempts that it has and has not heard of again, with what it will report; null while it works.</summary>
    public SortedDictionary<(int Item, int Number), AttemptOutcome?> Held { get; private set; } = [];

    public Worker Clone()
    {
        var clone = (Worker)MemberwiseClone();
        clone.Held = new(Held);
        return clone;
    }
}

/// <summary>A message on its way to a coordinator.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Worker">The number of the worker's name that sent it; zero for a client.</param>
/// <param name="Generation">The worker's generation.</param>
/// <param name="Item">Of a report: the item.</param>
/// <param name="Number">Of a report: the attempt. Of an asking: its number.</param>
/// <param name="Input">What it says.</param>
internal sealed record Message(Kind Kind, int Worker, int Generation, int Item, int Number, BatchInput Input)
{
    public bool Is(Choice choice) =>
        Kind == choice.Kind && Worker == choice.Who && Generation == choice.Generation && Item == choice.Item && Number == choice.Number;

    public Choice As(Verb verb, int to = 0) => new(verb, Worker, Generation, Kind, Item, Number, to);
}

/// <summary>An answer on its way back.</summary>
internal sealed record Reply(Message To, BatchAnswer Answer);

/// <summary>A write that lands later.</summary>
internal abstract record LateWrite
{
    private LateWrite()
    {
    }

    public sealed record Append(int Position, long Incarnation, WorldJournal.Record Record) : LateWrite;

    public sealed record Commit(AttemptId Attempt, int Object, int? Expected) : LateWrite;

    public sealed record Sweep : LateWrite;

    public sealed record Paper(Kind Kind, int Expected, ImmutableArray<ItemStatus> Outcomes) : LateWrite;
}
