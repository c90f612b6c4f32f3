using System.Collections.Immutable;
using OrleansClean.Batches;

namespace OrleansClean.Execution.Hosting;

/// <summary>The batches that a pool asks, each with what is held of it.</summary>
internal sealed class PoolSources
{
    private readonly Dictionary<string, PoolSource> _byId = new(StringComparer.Ordinal);
    private int _turn;
    private long? _refreshedAt;

    public bool HasOpen => _byId.Values.Any(source => !source.IsOver);

    public bool IsDue(long now, TimeProvider time, TimeSpan every) => _refreshedAt is not { } at || time.GetElapsedTime(at, now) >= every;

    public void Postpone(long now) => _refreshedAt = now;

    /// <summary>Takes a new list. A batch that is gone stays as long as something of it is held.</summary>
    public void Replace(IReadOnlyList<IWorkSource> open, long now)
    {
        _refreshedAt = now;
        foreach (var batch in open)
        {
            if (!_byId.TryGetValue(batch.Id, out var known))
            {
                _byId.Add(batch.Id, new PoolSource(batch));
            }
            else
            {
                known.Batch = batch;
                known.IsOver = false;
            }
        }

        var ids = open.Select(batch => batch.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _byId.Where(pair => !ids.Contains(pair.Key) && !pair.Value.HoldsAny).Select(pair => pair.Key).ToList())
        {
            _byId.Remove(gone);
        }
    }

    /// <summary>The batches to ask, beginning with another one each time.</summary>
    public IReadOnlyList<PoolSource> InTurn()
    {
        PoolSource[] sources = [.. _byId.Values.Where(source => !source.IsOver || source.HoldsAny)];
        var first = sources.Length == 0 ? 0 : _turn++ % sources.Length;
        return [.. sources[first..], .. sources[..first]];
    }
}

/// <summary>One batch that a pool asks.</summary>
internal sealed class PoolSource(IWorkSource batch)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<AttemptId, Assignment> _held = [];

    public IWorkSource Batch { get; set; } = batch;

    public bool IsOver { get; set; }

    public long AskedAt { get; set; }

    public bool HoldsAny
    {
        get
        {
            lock (_lock)
            {
                return _held.Count > 0;
            }
        }
    }

    public ImmutableArray<AttemptId> Held()
    {
        lock (_lock)
        {
            return [.. _held.Keys];
        }
    }

    public Assignment Hold(AttemptId attempt, BatchPlace place)
    {
        var assignment = new Assignment(this, attempt, place);
        lock (_lock)
        {
            _held[attempt] = assignment;
        }

        return assignment;
    }

    public void Stop(ImmutableArray<AttemptId> attempts)
    {
        lock (_lock)
        {
            foreach (var attempt in attempts)
            {
                if (_held.TryGetValue(attempt, out var assignment))
                {
                    assignment.Stop();
                }
            }
        }
    }

    public void LetGo(Assignment assignment)
    {
        lock (_lock)
        {
            _held.Remove(assignment.Attempt);
            assignment.Dispose();
        }
    }
}

/// <summary>An attempt that a pool holds.</summary>
internal sealed class Assignment(PoolSource source, AttemptId attempt, BatchPlace place) : IDisposable
{
    private readonly CancellationTokenSource _unwanted = new();

    public PoolSource Source { get; } = source;

    public AttemptId Attempt { get; } = attempt;

    public BatchPlace Place { get; } = place;

    public CancellationToken Unwanted => _unwanted.Token;

    public bool IsUnwanted { get; private set; }

    public void Stop()
    {
        IsUnwanted = true;
        _unwanted.Cancel();
    }

    public void Dispose() => _unwanted.Dispose();
}
