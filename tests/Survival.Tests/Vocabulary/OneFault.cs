using System.Collections.Concurrent;
using OrleansClean.Storage;
using OrleansClean.Storage.Faults;

namespace OrleansClean.Survival.Tests.Vocabulary;

/// <summary>Counts the calls to all stores of a host, and puts a fault at one of them.</summary>
internal sealed class OneFault(int number, StoreFaultKind? kind)
{
    private readonly ConcurrentBag<StoreFaults> _stores = [];
    private readonly TaskCompletionSource _hit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentBag<StoreOperation> _operations = [];
    private int _calls;

    /// <summary>Ends when the fault happened.</summary>
    public Task Hit => _hit.Task;

    /// <summary>The call that it happened to.</summary>
    public StoreCall? Call { get; private set; }

    public StoreFaultKind? Kind => kind;

    public int Calls => Volatile.Read(ref _calls);

    public IReadOnlyCollection<StoreOperation> Operations => _operations;

    public IObjectStore Wrap(IObjectStore store)
    {
        var faults = new StoreFaults(store, Plan);
        _stores.Add(faults);
        return faults;
    }

    /// <summary>Lets a call that hangs go on, until <paramref name="end"/> is done.</summary>
    public async Task ReleaseAsync(Task end)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (!end.IsCompleted)
        {
            foreach (var store in _stores)
            {
                store.Release();
            }

            await Task.WhenAny(end, Task.Delay(20, patience.Token));
            patience.Token.ThrowIfCancellationRequested();
        }

        await end;
    }

    /// <summary>Carries out a write that was held back.</summary>
    public async Task LandAsync()
    {
        foreach (var store in _stores)
        {
            await store.LandAsync();
        }
    }

    private StoreFaultKind? Plan(StoreCall call)
    {
        _operations.Add(call.Operation);
        if (Interlocked.Increment(ref _calls) != number || kind is null)
        {
            return null;
        }

        Call = call;
        _hit.SetResult();
        return kind;
    }
}
