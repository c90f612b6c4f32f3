using System.Diagnostics;
using OrleansClean.Execution.Mapping.Lines;
using OrleansClean.Execution.Mapping.Pools;

namespace OrleansClean.Execution.Mapping;

/// <summary>One map over lines while it runs; or a part of one, whose output is joined with others later.</summary>
internal sealed class LineMapRun(
    LineMapRequest request, int workers, Func<LineMapCall, IMapLane<LineChunk>> open, LineReader reader, Memo<string, byte[]>? memo, bool isPart)
{
    private const int FailuresShownMax = 5;

    private readonly ILineForm _form = request.NewForm(isPart);
    private readonly Stack<LineChunk> _free = new();
    private readonly List<MapFailure> _first = [];
    private readonly Reducing? _reduced = request.Reduction is { } kind && !isPart ? new Reducing(kind) : null;
    private long _ok;
    private long _failed;
    private long _timedOut;
    private long _retries;

    /// <summary>Told of what was delivered, or null.</summary>
    public Action<LineMapProgress>? Told { get; init; }

    public async Task<LineMapReport> RunAsync(Func<int> replaced, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var sizes = new ChunksOfStream(request.ChunkSize);
        LineMapCall? call = null;
        var pool = new MapPool<LineChunk>(
            new MapPoolOptions
            {
                Workers = workers,
                IsOrdered = !request.AsCompleted,
                LookEvery = request.InputTimeout is { } limit ? InputGuard.LookEvery(limit) : null,
                Timeout = request.Timeout,
            },
            () => Next(sizes.Size),
            Deliver,
            _ => open(call!));
        call = new LineMapCall
        {
            Request = request,
            Memo = memo,
            Sizes = sizes,
            DeliverPart = pool.DeliverPart,
            Stopping = pool.Stopping,
        };
        await pool.RunAsync(cancellationToken);
        if (_reduced is not null)
        {
            var json = new JsonText();
            ReducedForm.Write(json, request.Reduction!.Value, _reduced, request.Form, _ok + _failed, _failed);
            await request.Output.WriteAsync(json.WrittenMemory, cancellationToken);
        }

        await request.Output.FlushAsync(cancellationToken);
        return new LineMapReport
        {
            Ok = _ok,
            Failed = _failed,
            TimedOut = _timedOut,
            Retries = _retries,
            MemoHits = memo?.Hits ?? 0,
            Workers = workers,
            WorkersReplaced = replaced(),
            IsTimedOut = pool.IsTimedOut,
            Elapsed = Stopwatch.GetElapsedTime(started),
            First = _first,
        };
    }

    private LineChunk? Next(int size)
    {
        LineChunk? chunk;
        lock (_free)
        {
            chunk = _free.TryPop(out var free) ? free : new LineChunk(_form);
        }

        return reader.TryRead(chunk, size) ? chunk : null;
    }

    private void Deliver(LineChunk chunk)
    {
        if (chunk.Output.Length > 0)
        {
            request.Output.Write(chunk.Output.Written);
        }

        var counts = chunk.Counts;
        _ok += counts.Ok;
        _failed += counts.Failed;
        _timedOut += counts.TimedOut;
        _retries += counts.Retries;
        _first.AddRange(counts.First.Take(FailuresShownMax - _first.Count));
        chunk.EndPart();
        Told?.Invoke(new LineMapProgress(_ok + _failed, _failed));
        if (chunk.Reduced is { } reduced)
        {
            _reduced?.Add(reduced);
            chunk.Reduced = null;
        }

        if (!chunk.IsWhole)
        {
            return;
        }

        lock (_free)
        {
            _free.Push(chunk);
        }
    }
}
