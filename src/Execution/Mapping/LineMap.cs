using System.Diagnostics;
using OrleansClean.Execution.Mapping.Functions;
using OrleansClean.Execution.Mapping.Lines;
using OrleansClean.Execution.Mapping.Pools;
using OrleansClean.Execution.Mapping.Workers;

namespace OrleansClean.Execution.Mapping;

/// <summary>Calls a named function for every line of a stream: what <c>orleansclean map</c> does.</summary>
public static class LineMap
{
    /// <summary>
    /// Maps until the inputs end. A function that comes with the command is called in this process; one of a library in worker processes, which
    /// may loop, crash or eat their memory: that costs the input that did it, and a new process goes on behind it. Memory does not grow with
    /// the number of inputs. Throws <see cref="UsageException"/> before anything is read if the function cannot be called.
    /// </summary>
    public static async Task<LineMapReport> RunAsync(LineMapRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var workers = new MapOptions { Workers = request.Workers }.CountWorkers();
        if (request.Function.LibraryPath is null)
        {
            var marked = FunctionSource.BuiltIn.Find(request.Function.Name);
            CheckMemo(request, marked.Mark.IsPure);
            var function = FunctionBinder.Bind(marked, request.Function.Parameters);
            return await new LineMapRun(request, workers, call => new LocalLane(call, function)).RunAsync(replaced: () => 0, cancellationToken);
        }

        await using var crew = await WorkerCrew.StartAsync(request, workers, cancellationToken);
        CheckMemo(request, crew.IsPure);
        return await new LineMapRun(request, workers, call => new WorkerLane(call, crew)).RunAsync(() => crew.Replaced, cancellationToken);
    }

    /// <summary>
    /// The functions that come with the command, or those of the library at <paramref name="libraryPath"/>, which a worker process looks at.
    /// Throws <see cref="UsageException"/> if it is none.
    /// </summary>
    public static async Task<IReadOnlyList<MapFunctionInfo>> ListAsync(string? libraryPath, WorkerCommand? worker, CancellationToken cancellationToken) =>
        libraryPath is null
            ? [.. FunctionSource.BuiltIn.All().Select(marked => marked.ToInfo())]
            : await WorkerCrew.ListAsync(libraryPath, worker ?? throw new UsageException("A library needs a worker command."), cancellationToken);

    private static void CheckMemo(LineMapRequest request, bool isPure)
    {
        if (request.MemoMax > 0 && !isPure)
        {
            throw new UsageException(
                $"'{request.Function.Name}' does not say that it is pure, so its results cannot be remembered. If equal inputs have equal results, mark it with IsPure = true; else leave out --memo.");
        }
    }
}

/// <summary>One map over lines while it runs.</summary>
internal sealed class LineMapRun(LineMapRequest request, int workers, Func<LineMapCall, IMapLane<LineChunk>> open)
{
    private const int FailuresShownMax = 5;

    private readonly LineReader _reader = new(request.Inputs);
    private readonly ILineForm _form = request.NewForm();
    private readonly Stack<LineChunk> _free = new();
    private readonly List<MapFailure> _first = [];
    private readonly Reducing? _reduced = request.Reduction is { } kind ? new Reducing(kind) : null;
    private long _ok;
    private long _failed;
    private long _timedOut;
    private long _retries;

    public async Task<LineMapReport> RunAsync(Func<int> replaced, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var memo = request.MemoMax > 0 ? new Memo<string, byte[]>(request.MemoMax, StringComparer.Ordinal) : null;
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
            chunk => Deliver(chunk),
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
        WriteReduced();
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

        return _reader.TryRead(chunk, size) ? chunk : null;
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
        request.Progress?.Invoke(new LineMapProgress(_ok + _failed, _failed));
        if (!chunk.IsWhole)
        {
            return;
        }

        if (chunk.Reduced is { } reduced)
        {
            _reduced!.Add(reduced);
        }

        lock (_free)
        {
            _free.Push(chunk);
        }
    }

    private void WriteReduced()
    {
        if (request.Reduction is not { } kind)
        {
            return;
        }

        var json = new JsonText();
        if (request.Form is LineForm.JsonLines)
        {
            json.Append("{\"reduce\":"u8);
            json.AppendString(kind.ToString().ToLowerInvariant());
            json.Append(",\"inputs\":"u8);
            json.Append(_ok + _failed);
            json.Append(",\"failed\":"u8);
            json.Append(_failed);
            json.Append(",\"result\":"u8);
        }

        _reduced!.Write(json);
        json.Append(request.Form is LineForm.JsonLines ? "}\n"u8 : "\n"u8);
        request.Output.Write(json.Written);
    }
}
