using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Inputs;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>An output root that this process holds while it works there: a folder by its lock, an address by a claim. A second process is refused.</summary>
/// <param name="store">The root's store.</param>
/// <param name="root">A folder's full path or an address; what is neither is not held.</param>
/// <param name="seams">Time, and who this process is.</param>
/// <param name="lostAsync">Told once if somebody else has the root.</param>
internal sealed class HeldRoot(IObjectStore store, string root, BatchSeams seams, Func<StorageException, Task> lostAsync) : IAsyncDisposable
{
    private readonly Lock _lifetime = new();
    private RootLock? _lock;
    private RootClaim? _claim;
    private Task _watching = Task.CompletedTask;
    private bool _isEnded;

    /// <summary>True if a process works on the root now.</summary>
    public static bool IsTaken(IObjectStore store, string root) => StoreAddress.Is(root)
        ? RootClaim.IsTakenAsync(store, ClaimHolder.ThisProcess, TimeProvider.System, CancellationToken.None).GetAwaiter().GetResult()
        : RootLock.IsTaken(root);

    /// <summary>What is thrown when something is asked for after the end.</summary>
    public static FencedException Ended() => new("This host has ended. Ask the same again of another one.");

    /// <summary>
    /// Takes the root for a batch unless it is held already, and removes what dead processes left half written in a folder. One call at a time. Throws
    /// <see cref="UsageException"/> if another process has it, and what says so if it was lost.
    /// </summary>
    public async Task TakeAsync(string batchId, CancellationToken cancellationToken)
    {
        if (TryLock(batchId))
        {
            // Papers of no attempt that dead processes were writing, and indexes that a torn pointer names no more; nobody else is here now.
            await store.SweepStagedAsync(stage => stage.Batch == 0, cancellationToken);
            await OutputIndex.RemoveOrphansAsync(store, cancellationToken);
            return;
        }

        ThrowIfLost();
        if (_claim is null && StoreAddress.Is(root))
        {
            await ClaimAsync(batchId, cancellationToken);
        }
    }

    /// <summary>Throws what says that somebody else has the root, if somebody has.</summary>
    public void ThrowIfLost()
    {
        if (Loss is { } loss)
        {
            throw loss;
        }
    }

    /// <summary>What says that somebody else has the root, or null.</summary>
    public StorageException? Loss => _claim?.Loss;

    /// <summary>Takes nothing any more. What is held stays so until it is disposed of.</summary>
    public void Close()
    {
        lock (_lifetime)
        {
            _isEnded = true;
        }
    }

    /// <summary>Lets the root go.</summary>
    public async ValueTask DisposeAsync()
    {
        Close();
        _lock?.Dispose();
        if (_claim is not null)
        {
            await _claim.DisposeAsync();
        }

        await _watching;
    }

    /// <summary>True if this call locked the root; false if it is locked already, or is no folder.</summary>
    private bool TryLock(string batchId)
    {
        lock (_lifetime)
        {
            if (_isEnded)
            {
                throw Ended();
            }

            if (_lock is not null || !Path.IsPathFullyQualified(root))
            {
                return false;
            }

            _lock = RootLock.Take(root, batchId, seams.Time.GetUtcNow());
            return true;
        }
    }

    private async Task ClaimAsync(string batchId, CancellationToken cancellationToken)
    {
        var claim = await RootClaim.TakeAsync(store, root, batchId, seams.Holder, seams.Time, cancellationToken);
        if (!TryKeep(claim))
        {
            await claim.DisposeAsync();
            throw Ended();
        }

        _watching = TellAsync(claim);
    }

    /// <summary>False if the end came while the root was being claimed.</summary>
    private bool TryKeep(RootClaim claim)
    {
        lock (_lifetime)
        {
            _claim = _isEnded ? null : claim;
            return !_isEnded;
        }
    }

    private async Task TellAsync(RootClaim claim)
    {
        if (await claim.Lost is { } loss)
        {
            await lostAsync(loss);
        }
    }
}
