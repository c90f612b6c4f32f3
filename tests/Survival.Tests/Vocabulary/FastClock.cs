using System.Diagnostics;

namespace OrleansClean.Survival.Tests.Vocabulary;

/// <summary>
/// A clock that runs many times as fast as the real one, so that waits between attempts cost nothing. What a test asserts must not
/// depend on it.
/// </summary>
internal sealed class FastClock(int times) : TimeProvider
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly DateTimeOffset _began = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _began + (Stopwatch.GetElapsedTime(_start) * times);

    public override long GetTimestamp() => _start + ((Stopwatch.GetTimestamp() - _start) * times);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(this, System.CreateTimer(callback, state, Shorten(dueTime), Shorten(period)));

    private TimeSpan Shorten(TimeSpan time) => time <= TimeSpan.Zero ? time : time / times;

    private sealed class FastTimer(FastClock clock, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Shorten(dueTime), clock.Shorten(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
