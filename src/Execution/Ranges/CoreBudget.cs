namespace OrleansClean.Execution.Ranges;

/// <summary>
/// The threads that a batch may keep busy at once. A file always has its own; a large file borrows those that no file needs, and
/// gives them back within one range when a file does. Safe for many threads.
/// </summary>
internal sealed class CoreBudget(int threads)
{
    private int _busy;

    /// <summary>Threads in all.</summary>
    public int Threads => threads;

    /// <summary>More threads are busy than there should be: who borrowed one gives it back.</summary>
    public bool IsOverdrawn => Volatile.Read(ref _busy) > threads;

    /// <summary>A file's own thread begins.</summary>
    public void Enter() => Interlocked.Increment(ref _busy);

    /// <summary>A thread has done its work.</summary>
    public void Leave() => Interlocked.Decrement(ref _busy);

    /// <summary>Borrows a thread that no file needs; <see cref="Leave"/> gives it back.</summary>
    public bool TryBorrow()
    {
        if (Interlocked.Increment(ref _busy) <= threads)
        {
            return true;
        }

        Interlocked.Decrement(ref _busy);
        return false;
    }
}
