using System.Collections.Concurrent;
using System.Globalization;
using OrleansClean.Batches;
using OrleansClean.Cleaning;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// Works on open batches with threads of its own, one per slot. It asks the batches in turn and only while it has room, so that
/// a giant batch starves no small one and nobody pushes work onto it. What it holds is its heartbeat.
/// </summary>
public sealed class WorkerPool : IAsyncDisposable
{
    private const int PendingReportsMax = 1024;
    private static readonly TimeSpan PauseFirst = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ReportPauseMax = TimeSpan.FromSeconds(2);

    private readonly WorkerPoolOptions _options;
    private readonly IOpenBatches _batches;
    private readonly IAttemptExecutor _executor;
    private readonly TimeProvider _time;
    private readonly WorkerId _worker;
    private readonly PoolSources _sources = new();
    private readonly BlockingCollection<Assignment> _queue = [];
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _answered = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentDictionary<Task, bool> _reports = [];
    private readonly List<Thread> _threads = [];
    private Task _asking = Task.CompletedTask;
    private int _unfinished;
    private long _sequence;
    private double _millis = double.NaN;
    private bool _isUrgent;

    /// <summary>A pool that does nothing before <see cref="Start"/>.</summary>
    public WorkerPool(WorkerPoolOptions options, IOpenBatches batches, IAttemptExecutor executor, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Slots, 1, nameof(options));
        _options = options;
        _batches = batches;
        _executor = executor;
        _time = time;
        _worker = new WorkerId(options.Name, options.Generation);
    }

    /// <summary>Attempts that are queued or under way.</summary>
    public int Busy => Volatile.Read(ref _unfinished);

    /// <summary>Begins to ask for work.</summary>
    public void Start()
    {
        for (var slot = 1; slot <= _options.Slots; slot++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{_options.Name}/{slot}");

            // Cleaning computes for minutes: on the shared pool it would starve everything else in the process.
            var thread = new Thread(() => Work(name)) { IsBackground = true, Name = $"cleaner {slot}" };
            _threads.Add(thread);
            thread.Start();
        }

        _asking = Task.Run(AskAsync);
    }

    /// <summary>
    /// There may be a new batch, new work in an old one, or an attempt that nobody wants any more: looks at once instead of after a
    /// pause.
    /// </summary>
    public void Wake()
    {
        Volatile.Write(ref _isUrgent, true);
        _wake.Release();
    }

    /// <summary>
    /// Drains: asks no more, waits for the answer to what was asked, ends what is under way, gives it all back, and returns when every report was sent.
    /// <paramref name="patience"/> bounds the wait for the answer, and that for the reports.
    /// </summary>
    public async Task StopAsync(TimeSpan patience)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        _answered.CancelAfter(patience);
        await _asking;
        _queue.CompleteAdding();
        await Task.Run(() => _threads.ForEach(thread => thread.Join()));
        _ended.CancelAfter(patience);
        await Task.WhenAll(_reports.Keys);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(5));
        _queue.Dispose();
        _wake.Dispose();
        _stopping.Dispose();
        _answered.Dispose();
        _ended.Dispose();
    }

    private async Task AskAsync()
    {
        var pause = PauseFirst;
        try
        {
            while (true)
            {
                var isUrgent = Interlocked.Exchange(ref _isUrgent, false);
                await RefreshAsync(isUrgent);
                var got = false;
                foreach (var source in _sources.InTurn())
                {
                    _stopping.Token.ThrowIfCancellationRequested();
                    got |= await AskAsync(source, isUrgent);
                }

                pause = got ? PauseFirst : pause * 2 < PauseMax ? pause * 2 : PauseMax;
                await _wake.WaitAsync(pause, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Nothing more is asked for.
        }
    }

    private async Task RefreshAsync(bool isUrgent)
    {
        var now = _time.GetTimestamp();
        if (!isUrgent && !_sources.IsDue(now, _time, _sources.HasOpen ? _options.RefreshEvery : PauseMax))
        {
            return;
        }

        try
        {
            _sources.Replace(await _batches.FindAsync(_stopping.Token), now);
        }
        catch (WorkUnavailableException)
        {
            // What is known stays; the list is read again after its time.
            _sources.Postpone(now);
        }
    }

    /// <summary>Asks one batch, if there is room or it has not heard of this pool for long. True if work came.</summary>
    private async Task<bool> AskAsync(PoolSource source, bool isUrgent)
    {
        var free = _reports.Count > PendingReportsMax || _queue.Count >= _options.Slots ? 0 : Window - Busy;
        var isHeartbeat = source.HoldsAny && (isUrgent || _time.GetElapsedTime(source.AskedAt) >= _options.HeartbeatEvery);
        if (free <= 0 && !isHeartbeat)
        {
            return false;
        }

        TakeReply reply;
        try
        {
            source.AskedAt = _time.GetTimestamp();
            var request = new TakeRequest(_worker, ++_sequence, Math.Max(free, 0), source.Held());

            // A pool that stops waits for the answer: what it gives would else be nobody's until its lease is over.
            reply = await source.Batch.TakeAsync(request, _answered.Token);
        }
        catch (WorkUnavailableException)
        {
            return false;
        }

        source.IsOver = reply.IsOver;
        source.Stop(reply.Stop);
        if (reply.Place is not { } place)
        {
            return false;
        }

        foreach (var attempt in reply.Attempts)
        {
            Interlocked.Increment(ref _unfinished);
            _queue.Add(source.Hold(attempt, place));
        }

        return reply.Attempts.Length > 0;
    }

    /// <summary>Attempts that may be queued or under way: one for each slot, and more while they take milliseconds.</summary>
    private int Window
    {
        get
        {
            var millis = Volatile.Read(ref _millis);
            return _options.Slots + (millis < 50 ? Math.Min(_options.AheadMax, _options.Slots * 16) : 0);
        }
    }

    private void Work(string name)
    {
        foreach (var assignment in _queue.GetConsumingEnumerable())
        {
            var started = _time.GetTimestamp();
            var outcome = Execute(assignment, name);
            var millis = _time.GetElapsedTime(started).TotalMilliseconds;
            var mean = Volatile.Read(ref _millis);
            Volatile.Write(ref _millis, double.IsNaN(mean) ? millis : mean + ((millis - mean) / 4));
            Interlocked.Decrement(ref _unfinished);
            Send(assignment, outcome);
            if (_queue.Count < _options.Slots)
            {
                _wake.Release();
            }
        }
    }

    private AttemptOutcome Execute(Assignment assignment, string name)
    {
        if (assignment.IsUnwanted || _stopping.IsCancellationRequested)
        {
            return new AttemptOutcome.Released();
        }

        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(assignment.Unwanted, _stopping.Token);
        try
        {
            return _executor.Execute(assignment.Place, assignment.Attempt, new AttemptContext(name, _options.Progress, cancelled.Token));
        }
#pragma warning disable CA1031 // A slot must outlive whatever an item does to it; the executor's own failures are outcomes already.
        catch (Exception e) when (e is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            return new AttemptOutcome.Failed(new Failure(ProblemCodes.InternalError, $"OrleansClean failed in a way that it should not: {e.GetType().Name}. Please report it.", IsTransient: false));
        }
    }

    private void Send(Assignment assignment, AttemptOutcome outcome)
    {
        var report = Task.Run(() => ReportAsync(assignment, AttemptReport.Of(assignment.Attempt, outcome)));
        _reports[report] = true;
        _ = report.ContinueWith(
            done => _reports.TryRemove(done, out _),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Reports until somebody heard it, or nobody wants it any more.</summary>
    private async Task ReportAsync(Assignment assignment, AttemptReport report)
    {
        var pause = PauseFirst;
        while (!_ended.IsCancellationRequested && !assignment.IsUnwanted)
        {
            try
            {
                await assignment.Source.Batch.ReportAsync(report, _ended.Token);
                break;
            }
            catch (WorkUnavailableException)
            {
                pause = pause * 2 < ReportPauseMax ? pause * 2 : ReportPauseMax;
                await Task.Delay(pause, _time, CancellationToken.None);
            }
            catch (OperationCanceledException) when (_ended.IsCancellationRequested)
            {
                break;
            }
        }

        assignment.Source.LetGo(assignment);
    }
}
