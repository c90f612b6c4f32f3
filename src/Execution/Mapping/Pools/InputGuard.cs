namespace OrleansClean.Execution.Mapping.Pools;

/// <summary>
/// Settles whether a running input belongs to the thread that computes it or to those who have given it up: whoever is first. One exchange
/// for each input, on a line of memory that nobody else writes.
/// </summary>
internal sealed class InputGuard(TimeSpan? limit, CancellationToken stopping) : IDisposable
{
    private long _running;
    private long _last;
    private long _seen;
    private TimeSpan _seenAt;
    private bool _isWarned;
    private CancellationTokenSource _warning = CancellationTokenSource.CreateLinkedTokenSource(stopping);

    /// <summary>Tells the function that its time is up, or that of the whole map.</summary>
    public CancellationToken Token => _warning.Token;

    /// <summary>True if the function was told that its time is up.</summary>
    public bool IsWarned => Volatile.Read(ref _isWarned);

    /// <summary>An input begins.</summary>
    public void Enter() => Volatile.Write(ref _running, ++_last);

    /// <summary>The input is done. False: it was given up before.</summary>
    public bool Leave() => Interlocked.CompareExchange(ref _running, 0, _last) == _last;

    /// <summary>Forgets a warning, so that the next input has a fresh token.</summary>
    public void Renew()
    {
        if (_isWarned)
        {
            _warning.Dispose();
            _warning = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            Volatile.Write(ref _isWarned, false);
        }
    }

    /// <summary>A look from outside: warns an input that takes too long, and gives it up a little later. True: it was given up now.</summary>
    public bool Look(TimeSpan now)
    {
        var running = Volatile.Read(ref _running);
        if (limit is not { } time || running == 0 || running != _seen)
        {
            (_seen, _seenAt) = (running, now);
            return false;
        }

        if (now - _seenAt < time)
        {
            return false;
        }

        if (!_isWarned)
        {
            Volatile.Write(ref _isWarned, true);
            Warn();
        }

        return now - _seenAt >= time + Slack(time) && TryGiveUp(running);
    }

    /// <summary>Gives up what runs now. False if nothing does.</summary>
    public bool TryGiveUp() => Volatile.Read(ref _running) is var running and not 0 && TryGiveUp(running);

    /// <inheritdoc />
    public void Dispose() => _warning.Dispose();

    /// <summary>How often it must be looked for a limit.</summary>
    public static TimeSpan LookEvery(TimeSpan limit) => TimeSpan.FromMilliseconds(Math.Clamp(limit.TotalMilliseconds / 8, 1, 100));

    private void Warn()
    {
        try
        {
            _warning.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The input has ended in this moment, and its successor has another token.
        }
    }

    private bool TryGiveUp(long running) => Interlocked.CompareExchange(ref _running, -1, running) == running;

    // A function that was told needs a moment to end.
    private static TimeSpan Slack(TimeSpan limit) => TimeSpan.FromMilliseconds(Math.Clamp(limit.TotalMilliseconds / 4, 10, 250));
}
