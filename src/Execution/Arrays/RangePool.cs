using System.Runtime.ExceptionServices;

namespace OrleansClean.Execution.Arrays;

/// <summary>
/// Hands out the numbers 0, 1, 2, … in turn to threads of its own, the caller's among them. Of several failures the one of the lowest
/// number is thrown, so that a failure is the same for every number of threads.
/// </summary>
internal sealed class RangePool(long count, int workers)
{
    private readonly Lock _lock = new();
    private long _next = -1;
    private long _failedAt = long.MaxValue;
    private Exception? _failure;

    /// <summary>Runs what <paramref name="newWorker"/> makes for each thread, on every number; returns when all are done.</summary>
    public void Run(Func<Action<long>> newWorker, CancellationToken cancellationToken)
    {
        var threads = new Thread[Math.Max(0, (int)Math.Min(workers, count) - 1)];
        for (var i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(() => Work(newWorker, cancellationToken)) { IsBackground = true, Name = "array-worker" };
            threads[i].Start();
        }

        Work(newWorker, cancellationToken);
        foreach (var thread in threads)
        {
            thread.Join();
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    private void Work(Func<Action<long>> newWorker, CancellationToken cancellationToken)
    {
        Action<long>? work = null;
        while (!cancellationToken.IsCancellationRequested && Interlocked.Increment(ref _next) is var number && number < count)
        {
            // Lower numbers were handed out before: they are done, or at work and will be.
            if (number > Interlocked.Read(ref _failedAt))
            {
                return;
            }

            try
            {
                work ??= newWorker();
                work(number);
            }
#pragma warning disable CA1031 // It is thrown again by the caller's thread: a thread of ours must not end the process.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                lock (_lock)
                {
                    (_failedAt, _failure) = number < _failedAt ? (number, failure) : (_failedAt, _failure);
                }
            }
        }
    }
}
