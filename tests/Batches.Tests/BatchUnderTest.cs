using System.Text.Json;

namespace OrleansClean.Batches.Tests;

/// <summary>
/// A batch with its journal in memory. After every input the invariants are checked, and a state replayed from the
/// journal must equal the live one.
/// </summary>
internal sealed class BatchUnderTest
{
    private readonly List<BatchEvent> _journal = [];

    public BatchState State { get; private set; } = new();

    public IReadOnlyList<BatchEvent> Journal => _journal;

    /// <summary>Decides the input, makes its events durable and applies them; returns the decision.</summary>
    public BatchDecision Feed(BatchInput input)
    {
        var before = BatchInvariants.Look(State);
        var decision = BatchMachine.Decide(State, input);
        Assert.True(before.IsSame(BatchInvariants.Look(State)), "deciding changes nothing");
        foreach (var happened in decision.Events)
        {
            State.Apply(happened);
            if (happened.IsDurable)
            {
                _journal.Add(RoundTrip(happened));
            }
        }

        BatchInvariants.Check(State, before, decision.Events);
        return decision;
    }

    /// <summary>The process dies: what was not written is forgotten.</summary>
    public void Crash() => State = Replay(_journal);

    /// <summary>A new segment begins with a snapshot: nothing but the snapshot is left to load.</summary>
    public void Roll()
    {
        var head = RoundTrip(new BatchEvent.SnapshotTaken(State.Snapshot()));
        _journal.Clear();
        _journal.Add(head);
    }

    /// <summary>The state that the journal gives equals the live one, as far as a restart remembers it.</summary>
    public void CheckReplay() => Assert.Equal(Json(State.Snapshot()), Json(Replay(_journal).Snapshot()));

    private static BatchState Replay(IEnumerable<BatchEvent> journal)
    {
        var state = new BatchState();
        foreach (var happened in journal)
        {
            state.Apply(happened);
        }

        return state;
    }

    private static string Json(BatchSnapshot snapshot) => JsonSerializer.Serialize(snapshot);

    private static BatchEvent RoundTrip(BatchEvent happened) =>
        JsonSerializer.Deserialize<BatchEvent>(JsonSerializer.Serialize(happened))!;
}
