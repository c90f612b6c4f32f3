using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OrleansClean.Execution.Mapping.Pools;

/// <summary>What a pool is made of.</summary>
internal sealed record MapPoolOptions
{
    /// <summary>Threads that compute.</summary>
    public required int Workers { get; init; }

    /// <summary>Chunks are delivered in their order; else as they are done.</summary>
    public required bool IsOrdered { get; init; }

    /// <summary>How often the lanes are looked at; null for never.</summary>
    public TimeSpan? LookEvery { get; init; }

    /// <summary>The pool stops by itself after this time; what is done is delivered.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>
/// Runs chunks on threads of its own, one per worker: computing for minutes on the shared pool would starve everything else in the process. A
/// free worker takes the next chunk itself, so nothing is handed over but whole chunks, and it takes none while too many wait for an earlier one:
/// that bounds the memory whatever the number of inputs.
/// </summary>
#pragma warning disable CA1001 // Threads that were left alone may look at the source when the pool is long over, so nobody can say when it ends.
internal sealed class MapPool<TChunk>(MapPoolOptions options, Func<TChunk?> next, Action<TChunk> deliver, Func<int, IMapLane<TChunk>> open)
#pragma warning restore CA1001
    where TChunk : MapChunk
{
    /// <summary>Chunks for each worker that may be under way or wait for their turn.</summary>
    private const int WindowPerWorker = 4;

    /// <summary>How long a running function may go on after the pool was stopped before its thread is left alone.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a thread that neither computes nor ends is waited for.</summary>
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(3);

    private readonly Lock _taking = new();
    private readonly Lock _looking = new();
    private readonly object _turns = new();
    private readonly Dictionary<long, TChunk> _waiting = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<Running> _running = [];
    private readonly int _window = options.Workers * WindowPerWorker;
    private long _taken;
    private long _sequence;
    private long _delivered;
    private bool _isDelivering;
    private bool _isAtEnd;
    private bool _isOver;
    private Exception? _failure;

    /// <summary>Cancelled when the pool stops before its end; lanes look at it between inputs.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>True if the time of the pool was up.</summary>
    public bool IsTimedOut { get; private set; }

    /// <summary>
    /// Runs until there is nothing more, the time is up, or it is cancelled (which throws). What reading and delivering throw ends the pool and
    /// is thrown.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var cancelled = cancellationToken.Register(Stop);
        for (var number = 1; number <= options.Workers; number++)
        {
            Start(number, null);
        }

        using var timeout = options.Timeout is { } time ? new Timer(_ => TimeOut(), state: null, time, System.Threading.Timeout.InfiniteTimeSpan) : null;
        using var look = options.LookEvery is { } every ? new Timer(_ => LookAtLanes(), state: null, every, every) : null;
        await _ended.Task;
        lock (_turns)
        {
            _isOver = _failure is not null || cancellationToken.IsCancellationRequested;
        }

        if (_failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        }

        cancellationToken.ThrowIfCancellationRequested();
        DeliverRest();
    }

    /// <summary>
    /// Delivers what is done of a chunk so far, when its turn has come: a chunk whose results are large need not be in memory as a whole. False if
    /// the pool stops.
    /// </summary>
    public bool DeliverPart(TChunk chunk)
    {
        lock (_turns)
        {
            while (_isDelivering || (options.IsOrdered && _delivered != chunk.Sequence))
            {
                if (_stopping.IsCancellationRequested)
                {
                    return false;
                }

                Monitor.Wait(_turns);
            }

            _isDelivering = true;
        }

        return TryDeliver(chunk, isLast: false);
    }

    /// <summary>Ends the pool early.</summary>
    public void Stop()
    {
        _stopping.Cancel();
        lock (_turns)
        {
            Monitor.PulseAll(_turns);
        }

        // Whoever does not end by itself is left alone: first functions, at last threads that wait for a pipe.
        After(Patience, GiveUpAll);
        After(PatienceMax, () => _ended.TrySetResult());
    }

    private static void After(TimeSpan time, Action act) =>
        _ = Task.Delay(time, CancellationToken.None).ContinueWith(_ => act(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private void TimeOut()
    {
        IsTimedOut = true;
        Stop();
    }

    private void Fail(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        Stop();
    }

    private void Start(int number, TChunk? chunk)
    {
        var running = new Running(number) { Chunk = chunk };
        lock (_running)
        {
            _running.Add(running);
        }

        new Thread(() => Work(running)) { IsBackground = true, Name = string.Create(CultureInfo.InvariantCulture, $"mapper {number}") }.Start();
    }

    private void Work(Running running)
    {
        try
        {
            using var lane = open(running.Number);
            running.Lane = lane;
            while ((running.Chunk ??= Take()) is { } chunk)
            {
                if (!lane.Run(chunk))
                {
                    // Another worker has the chunk: this one is not counted any more either.
                    return;
                }

                running.Chunk = null;
                Put(chunk);
            }
        }
#pragma warning disable CA1031 // Whatever it is, whoever waits for the map is told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e);
        }

        End(running);
    }

    private void End(Running running)
    {
        lock (_running)
        {
            if (_running.Remove(running) && _running.Count == 0)
            {
                _ended.TrySetResult();
            }
        }
    }

    private TChunk? Take()
    {
        lock (_turns)
        {
            while (_taken - _delivered >= _window && !_stopping.IsCancellationRequested)
            {
                Monitor.Wait(_turns);
            }

            _taken++;
        }

        lock (_taking)
        {
            if (_isAtEnd || _stopping.IsCancellationRequested || next() is not { } chunk)
            {
                _isAtEnd = true;
                return null;
            }

            chunk.Sequence = _sequence++;
            return chunk;
        }
    }

    private void Put(TChunk chunk)
    {
        lock (_turns)
        {
            if (!options.IsOrdered && chunk.IsWhole)
            {
                while (_isDelivering)
                {
                    Monitor.Wait(_turns);
                }

                _isDelivering = true;
            }
            else
            {
                _waiting.Add(chunk.Sequence, chunk);
                if (!TryTakeTurn(out chunk!))
                {
                    return;
                }
            }
        }

        // Whoever delivers goes on with what has become ready meanwhile.
        while (TryDeliver(chunk, isLast: true))
        {
            lock (_turns)
            {
                if (!TryTakeTurn(out chunk!))
                {
                    return;
                }
            }
        }
    }

    private bool TryTakeTurn([NotNullWhen(true)] out TChunk? chunk)
    {
        chunk = null;
        if (_isDelivering || _isOver || !options.IsOrdered || !_waiting.TryGetValue(_delivered, out chunk) || !chunk.IsWhole)
        {
            return false;
        }

        _waiting.Remove(_delivered);
        _isDelivering = true;
        return true;
    }

    private bool TryDeliver(TChunk chunk, bool isLast)
    {
        var isDelivered = false;
        try
        {
            deliver(chunk);
            isDelivered = true;
        }
#pragma warning disable CA1031 // Whoever waits for the map is told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e);
        }

        lock (_turns)
        {
            _isDelivering = false;
            _delivered += isLast ? 1 : 0;
            Monitor.PulseAll(_turns);
        }

        return isDelivered;
    }

    /// <summary>After a stop: what is done behind a gap, in the order of inputs.</summary>
    private void DeliverRest()
    {
        List<TChunk> rest;
        lock (_turns)
        {
            _isOver = true;
            if (_isDelivering)
            {
                // Somebody still waits for the reader of the results: nobody may write behind his back.
                return;
            }

            rest = [.. _waiting.Values.OrderBy(chunk => chunk.Sequence)];
        }

        rest.ForEach(deliver);
    }

    private void LookAtLanes()
    {
        if (!_looking.TryEnter())
        {
            return;
        }

        try
        {
            foreach (var running in Snapshot())
            {
                // The lane has noted what became of its input; here only the thread is exchanged.
                if (running.Lane?.Look(_clock.Elapsed) is LaneState.GivenUp)
                {
                    Start(running.Number, running.Chunk);
                    End(running);
                }
            }
        }
        finally
        {
            _looking.Exit();
        }
    }

    private void GiveUpAll()
    {
        foreach (var running in Snapshot())
        {
            if (running.Lane is { } lane && lane.TryGiveUp())
            {
                if (running.Chunk is { } chunk)
                {
                    lock (_turns)
                    {
                        _waiting.TryAdd(chunk.Sequence, chunk);
                    }
                }

                End(running);
            }
        }
    }

    private Running[] Snapshot()
    {
        lock (_running)
        {
            return [.. _running];
        }
    }

    private sealed class Running(int number)
    {
        private IMapLane<TChunk>? _lane;
        private TChunk? _chunk;

        public int Number => number;

        public IMapLane<TChunk>? Lane
        {
            get => Volatile.Read(ref _lane);
            set => Volatile.Write(ref _lane, value);
        }

        public TChunk? Chunk
        {
            get => Volatile.Read(ref _chunk);
            set => Volatile.Write(ref _chunk, value);
        }
    }
}
