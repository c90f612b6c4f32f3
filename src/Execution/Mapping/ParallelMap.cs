using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OrleansClean.Execution.Mapping.Pools;

namespace OrleansClean.Execution.Mapping;

/// <summary>Calls a function for many inputs on all processors: results in the order of inputs, failures as values that name their input.</summary>
public static class ParallelMap
{
    /// <summary>
    /// Calls <paramref name="function"/> for every input, on threads of its own. What the function throws is that input's failure and
    /// costs no other input its result. Throws only when it is cancelled; a function that does not end then is left alone with its thread.
    /// </summary>
    public static Task<MapReport<TResult>> RunAsync<TInput, TResult>(
        IEnumerable<TInput> inputs, Func<TInput, TResult> function, MapOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(function);
        return RunListAsync(inputs as TInput[] ?? [.. inputs], function, (input, _) => function(input), Checked(options), cancellationToken);
    }

    /// <summary>As the other one; the token tells the function that the time of its input, or of the map, is up.</summary>
    public static Task<MapReport<TResult>> RunAsync<TInput, TResult>(
        IEnumerable<TInput> inputs,
        Func<TInput, CancellationToken, TResult> function,
        MapOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(function);
        return RunListAsync(inputs as TInput[] ?? [.. inputs], plain: null, function, Checked(options), cancellationToken);
    }

    /// <summary>
    /// Calls <paramref name="function"/> for every input of a stream, which may have no end: at most a few chunks for each worker are in memory,
    /// and nothing is read while nobody takes the results. Results come in the order of inputs, or as they are ready if
    /// <see cref="MapOptions.AsCompleted"/>. When <see cref="MapOptions.Timeout"/> is over the results end with <see cref="TimeoutException"/>.
    /// </summary>
    public static IAsyncEnumerable<MapResult<TResult>> StreamAsync<TInput, TResult>(
        IAsyncEnumerable<TInput> inputs,
        Func<TInput, CancellationToken, TResult> function,
        MapOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(function);
        return StreamAllAsync(inputs, function, Checked(options), cancellationToken);
    }

    /// <summary>As the other one, over inputs that do not keep anybody waiting.</summary>
    public static IAsyncEnumerable<MapResult<TResult>> StreamAsync<TInput, TResult>(
        IEnumerable<TInput> inputs, Func<TInput, TResult> function, MapOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(function);
        return StreamAllAsync(inputs.ToAsyncEnumerable(), (input, _) => function(input), Checked(options), cancellationToken);
    }

    private static MapOptions Checked(MapOptions? options)
    {
        options ??= new MapOptions();
        options.Check();
        return options;
    }

    private static async Task<MapReport<TResult>> RunListAsync<TInput, TResult>(
        TInput[] inputs,
        Func<TInput, TResult>? plain,
        Func<TInput, CancellationToken, TResult> withToken,
        MapOptions options,
        CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var workers = Math.Min(options.CountWorkers(), Math.Max(1, inputs.Length));
        var results = new TResult[inputs.Length];
        var states = new InputState[inputs.Length];
        var call = Call(plain, withToken, options, sizes: null);
        var failures = new List<MapFailure>();
        var retries = 0L;
        var at = 0;

        ListChunk<TInput, TResult>? Next()
        {
            if (at == inputs.Length)
            {
                return null;
            }

            var count = ChunksOfList.Next(inputs.Length - at, workers, options.ChunkSize);
            var chunk = new ListChunk<TInput, TResult>(inputs.AsMemory(at, count), results.AsMemory(at, count), states.AsMemory(at, count), at);
            at += count;
            return chunk;
        }

        void Deliver(ListChunk<TInput, TResult> chunk)
        {
            failures.AddRange(chunk.Failures);
            retries += chunk.Retries;
        }

        var pool = Pool(call, workers, Next, Deliver, isOrdered: false);
        await pool.RunAsync(cancellationToken);
        failures.Sort((a, b) => a.Index.CompareTo(b.Index));
        return new MapReport<TResult>(results, states, failures)
        {
            IsTimedOut = pool.IsTimedOut,
            MemoHits = call.Memo?.Hits ?? 0,
            Retries = retries,
            Workers = workers,
            Elapsed = Stopwatch.GetElapsedTime(started),
        };
    }

    private static async IAsyncEnumerable<MapResult<TResult>> StreamAllAsync<TInput, TResult>(
        IAsyncEnumerable<TInput> inputs,
        Func<TInput, CancellationToken, TResult> function,
        MapOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sizes = new ChunksOfStream(options.ChunkSize);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var reader = inputs.GetAsyncEnumerator(stop.Token);
        var ready = Channel.CreateBounded<ListChunk<TInput, TResult>>(new BoundedChannelOptions(1) { SingleReader = true });
        var index = 0L;

        ListChunk<TInput, TResult>? Next()
        {
            var chunk = new List<TInput>(sizes.Size);
            while (chunk.Count < chunk.Capacity && reader.MoveNextAsync().AsTask().GetAwaiter().GetResult())
            {
                chunk.Add(reader.Current);
            }

            var first = index;
            index += chunk.Count;
            return chunk.Count == 0 ? null : new ListChunk<TInput, TResult>(chunk.ToArray(), new TResult[chunk.Count], new InputState[chunk.Count], first);
        }

        var pool = Pool(
            Call(plain: null, function, options, sizes),
            options.CountWorkers(),
            Next,
            chunk => ready.Writer.WriteAsync(chunk, stop.Token).AsTask().GetAwaiter().GetResult(),
            isOrdered: !options.AsCompleted);
        var running = RunToChannelAsync(pool, ready.Writer, stop.Token);
        try
        {
            await foreach (var chunk in ready.Reader.ReadAllAsync(cancellationToken))
            {
                for (var i = 0; i < chunk.Done; i++)
                {
                    yield return ResultOf(chunk, i);
                }
            }
        }
        finally
        {
            // Whoever stops asking early stops the workers.
            await stop.CancelAsync();
            await running;
        }

        if (pool.IsTimedOut)
        {
            throw new TimeoutException($"The map was not done after {options.Timeout}.");
        }
    }

    private static async Task RunToChannelAsync<TChunk>(MapPool<TChunk> pool, ChannelWriter<TChunk> writer, CancellationToken cancellationToken)
        where TChunk : MapChunk
    {
        try
        {
            await pool.RunAsync(cancellationToken);
            writer.Complete();
        }
#pragma warning disable CA1031 // The reader of the channel is told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            writer.TryComplete(e);
        }
    }

    private static MapResult<TResult> ResultOf<TInput, TResult>(ListChunk<TInput, TResult> chunk, int i)
    {
        var index = chunk.FirstIndex + i;
        return chunk.States[i] == InputState.Ok
            ? new MapResult<TResult>(index, chunk.Results[i], Failure: null)
            : new MapResult<TResult>(index, default, chunk.Failures.Find(failure => failure.Index == index));
    }

    private static FunctionCall<TInput, TResult> Call<TInput, TResult>(
        Func<TInput, TResult>? plain, Func<TInput, CancellationToken, TResult> withToken, MapOptions options, ChunksOfStream? sizes) =>
        new(plain, withToken, options, options.MemoMax > 0 ? new Memo<ValueTuple<TInput>, TResult>(options.MemoMax) : null, sizes);

    private static MapPool<ListChunk<TInput, TResult>> Pool<TInput, TResult>(
        FunctionCall<TInput, TResult> call,
        int workers,
        Func<ListChunk<TInput, TResult>?> next,
        Action<ListChunk<TInput, TResult>> deliver,
        bool isOrdered)
    {
        MapPool<ListChunk<TInput, TResult>>? pool = null;
        pool = new MapPool<ListChunk<TInput, TResult>>(
            new MapPoolOptions
            {
                Workers = workers,
                IsOrdered = isOrdered,
                LookEvery = call.Options.InputTimeout is { } limit ? InputGuard.LookEvery(limit) : null,
                Timeout = call.Options.Timeout,
            },
            next,
            deliver,
            _ => new FunctionLane<TInput, TResult>(call, pool!.Stopping));
        return pool;
    }
}
