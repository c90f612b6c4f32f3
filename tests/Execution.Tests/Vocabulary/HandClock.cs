namespace OrleansClean.Execution.Tests.Vocabulary;

/// <summary>A clock that is moved by hand, from any thread; its timers ring on the mover's.</summary>
internal sealed class HandClock : TimeProvider
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Time passes.</summary>
    public void Pass(TimeSpan time)
    {
        for (var end = GetUtcNow() + time; NextUntil(end) is { } timer;)
        {
            timer.Ring();
        }
    }

    /// <summary>Time passes until something is so.</summary>
    public async Task PassUntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (!await isSo())
        {
            patience.Token.ThrowIfCancellationRequested();
            Pass(Step);
            await Task.Yield();
        }
    }

    /// <summary>Time passes until something has ended.</summary>
    public async Task<T> PassUntilAsync<T>(Task<T> end)
    {
        await PassUntilAsync(() => Task.FromResult(end.IsCompleted));
        return await end;
    }

    private Timer? NextUntil(DateTimeOffset end)
    {
        lock (_lock)
        {
            var next = _timers.MinBy(timer => timer.DueAt);
            if (next is null || next.DueAt > end)
            {
                _now = end;
                return null;
            }

            _now = next.DueAt;
            _timers.Remove(next);
            next.Repeat();
            return next;
        }
    }

    private sealed class Timer(HandClock clock, Action ring) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset DueAt { get; private set; }

        public void Ring() => ring();

        public void Repeat() => Set(_period, _period);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                Set(dueTime, period);
                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Set(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            if (dueTime >= TimeSpan.Zero)
            {
                DueAt = clock._now + dueTime;
                clock._timers.Add(this);
            }
        }
    }
}
