using System.Diagnostics;
using OrleansClean.Batches;
using OrleansClean.Cleaning;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// Groups of durability: what is published at about the same time shares one flush, and only then does the journal say that it is
/// published. So the journal is never ahead of the files, and power loss undoes at most work that is done again. A group waits
/// a few times as long as the last flush took, at most 200 ms: where flushing is cheap nobody waits, and nobody who was alone in the last one.
/// </summary>
internal sealed class FlushGroup(IObjectStore store)
{
    private const int WaitPerFlush = 4;
    private static readonly TimeSpan WaitMax = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private Task? _next;
    private int _nextSize;
    private Task _current = Task.CompletedTask;
    private TimeSpan _last;
    private int _lastSize;

    /// <summary>Ends when everything that the store acknowledged before this call survives the loss of power.</summary>
    public Task FlushAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _nextSize++;
            return (_next ??= Task.Run(() => RunAsync(_current), CancellationToken.None)).WaitAsync(cancellationToken);
        }
    }

    /// <summary>How long a group waits for others to join it, behind one that <paramref name="size"/> had waited for and that took <paramref name="duration"/>.</summary>
    internal static TimeSpan WaitFor(int size, TimeSpan duration)
    {
        var wait = duration * WaitPerFlush;
        return size <= 1 ? TimeSpan.Zero : wait < WaitMax ? wait : WaitMax;
    }

    /// <summary>Makes what an attempt has staged as durable as the journal line that will name it; if that fails, the attempt has failed.</summary>
    public async Task<BatchInput> SecureAsync(BatchInput input, CancellationToken cancellationToken)
    {
        if (input is not BatchInput.Report { Outcome: AttemptOutcome.Ready } report)
        {
            return input;
        }

        try
        {
            await FlushAsync(cancellationToken);
            return input;
        }
        catch (StorageException e)
        {
            // A medium that failed once forgets what it failed at: the content is made again, not flushed again.
            return report with { Outcome = new AttemptOutcome.Failed(new Failure(ProblemCodes.StorageError, e.Message, IsTransient: true)) };
        }
    }

    private async Task RunAsync(Task before)
    {
        await before.ContinueWith(_ => { }, TaskScheduler.Default);
        await Task.Delay(WaitFor(_lastSize, _last));
        lock (_lock)
        {
            // Whoever comes from here on needs a flush that begins later.
            _current = _next!;
            _next = null;
            (_lastSize, _nextSize) = (_nextSize, 0);
        }

        var started = Stopwatch.GetTimestamp();
        await store.FlushAsync(CancellationToken.None);
        _last = Stopwatch.GetElapsedTime(started);
    }
}
