namespace OrleansClean.Execution.Tests.Coordination.Stepped;

/// <summary>The clock of one process: it is moved, and may be ahead of others. Its timers ring on the mover's thread.</summary>
internal sealed class SteppedTime(TimeSpan ahead) : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<Timer> _timers = [];
    private TimeSpan _passed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How long it is to the next ring; null if no timer is set.</summary>
    public TimeSpan? ToNextRing => _timers.Count == 0 ? null : _timers.Min(timer => timer.DueAt) - _passed;

    public override DateTimeOffset GetUtcNow() => Start + ahead + _passed;

    public override long GetTimestamp() => _passed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(this, callback, state, dueTime);

    /// <summary>Time passes.</summary>
    public void Pass(TimeSpan time)
    {
        _passed += time;
        foreach (var timer in _timers.Where(timer => timer.DueAt <= _passed).ToList())
        {
            _timers.Remove(timer);
            timer.Ring();
        }
    }

    private sealed class Timer : ITimer
    {
        private readonly SteppedTime _time;
        private readonly TimerCallback _callback;
        private readonly object? _state;

        public Timer(SteppedTime time, TimerCallback callback, object? state, TimeSpan dueTime)
        {
            (_time, _callback, _state) = (time, callback, state);
            Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        public TimeSpan DueAt { get; private set; }

        public void Ring() => _callback(_state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _time._timers.Remove(this);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                DueAt = _time._passed + dueTime;
                _time._timers.Add(this);
            }

            return true;
        }

        public void Dispose() => _time._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
