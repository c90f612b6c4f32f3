using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>The journal of a world: an append is taken at its end or not at all, and begins with a snapshot after a roll.</summary>
internal sealed class WorldJournal
{
    private readonly List<Record> _records = [];
    private BatchEvent? _head;
    private int _headAt;

    /// <summary>Its length, counted in appends.</summary>
    public int Length => _records.Count;

    public WorldJournal Clone()
    {
        var clone = new WorldJournal { _head = _head, _headAt = _headAt };
        clone._records.AddRange(_records);
        return clone;
    }

    /// <summary>The append at a position, or null.</summary>
    public Record? At(int position) => position < _records.Count ? _records[position] : null;

    /// <summary>Appends if the journal has the length; false if not.</summary>
    public bool TryAppend(int position, Record record)
    {
        if (position != _records.Count)
        {
            return false;
        }

        _records.Add(record);
        return true;
    }

    /// <summary>A new segment: whoever loads reads the snapshot and what came after it.</summary>
    public void Roll(BatchState state)
    {
        var text = JsonSerializer.Serialize<BatchEvent>(new BatchEvent.SnapshotTaken(state.Snapshot()));
        _head = JsonSerializer.Deserialize<BatchEvent>(text);
        _headAt = _records.Count;
    }

    /// <summary>The events that one who loads reads.</summary>
    public List<BatchEvent> Read()
    {
        var events = new List<BatchEvent>();
        if (_head is not null)
        {
            events.Add(_head);
        }

        foreach (var record in _records.Skip(_headAt))
        {
            events.AddRange(record.Events);
        }

        return events;
    }

    /// <summary>The state that events give.</summary>
    public static BatchState Replay(IEnumerable<BatchEvent> events)
    {
        var state = new BatchState();
        foreach (var happened in events)
        {
            state.Apply(happened);
        }

        return state;
    }

    /// <summary>One append: whose, which of theirs, and what.</summary>
    public sealed record Record(int Coordinator, int Number, ImmutableArray<BatchEvent> Events);
}
