using System.Globalization;
using OrleansClean.Storage;

namespace OrleansClean.Execution.State;

/// <summary>
/// Keeps a second process out of an output root that is no folder: a document that its holder renews. It spares people work that would be
/// done twice; who may write a batch is decided by the batch's journal, and what may be replaced by preconditions. So a clock that is wrong, and
/// a write that lands late, cost a wait or a run that ends early, and never an output.
/// </summary>
internal sealed class RootClaim : IAsyncDisposable
{
    /// <summary>How long a claim is believed that nobody renews: what a run waits at most for a process that died on another machine.</summary>
    internal static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(BelievedSeconds);

    /// <summary>Three renewals may fail before the claim runs out.</summary>
    internal static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(RenewSeconds);

    private const int BelievedSeconds = 45;
    private const int RenewSeconds = 10;
    private const int AttemptsMax = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ReleaseMax = TimeSpan.FromSeconds(5);

    private readonly IObjectStore _store;
    private readonly string _root;
    private readonly TimeProvider _time;
    private readonly PeriodicTimer _renewals;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource<StorageException?> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lazy<Task> _release;
    private readonly Task _renewing;
    private ClaimDocument _claim;
    private ETag _etag;

    private RootClaim(IObjectStore store, string root, TimeProvider time, ClaimDocument claim, ETag etag)
    {
        _store = store;
        _root = root;
        _time = time;
        _claim = claim;
        _etag = etag;
        _release = new Lazy<Task>(ReleaseAsync);
        _renewals = new PeriodicTimer(RenewEvery, time);
        _renewing = Task.Run(RenewAsync);
    }

    /// <summary>Ends when somebody else has the root, with the error that says so; with null once the root is let go.</summary>
    public Task<StorageException?> Lost => _lost.Task;

    /// <summary>What <see cref="Lost"/> says, once somebody else has the root.</summary>
    public StorageException? Loss => _lost.Task is { IsCompletedSuccessfully: true, Result: var loss } ? loss : null;

    /// <summary>Takes the root, or throws <see cref="UsageException"/> naming the process that has it.</summary>
    public static async Task<RootClaim> TakeAsync(
        IObjectStore store, string root, string batchId, ClaimHolder holder, TimeProvider time, CancellationToken cancellationToken)
    {
        var incarnation = Guid.NewGuid().ToString("n");
        var since = time.GetUtcNow();
        ClaimHolder.Hold(incarnation);
        try
        {
            for (var attempt = 1; attempt <= AttemptsMax; attempt++)
            {
                var now = time.GetUtcNow();
                var claim = new ClaimDocument(incarnation, holder.Machine, holder.Boot, holder.Process, holder.Started, batchId, since, now + BelievedFor);
                if (await TryTakeAsync(store, root, claim, holder, now, isLast: attempt == AttemptsMax, cancellationToken) is { } taken)
                {
                    return new RootClaim(store, root, time, taken.Claim, taken.ETag);
                }

                await Task.Delay(Pause * attempt, time, cancellationToken);
            }

            throw new StorageException(
                StorageFault.Busy,
                $"Whether {root} could be claimed is not known: the store does not say, or others begin in the same moment. No output was written; run the same command again.");
        }
        catch
        {
            // If a write of it lands all the same, it binds nobody in this process, and others until this one ends.
            ClaimHolder.LetGo(incarnation);
            throw;
        }
    }

    /// <summary>True if a process works on the root now.</summary>
    public static async Task<bool> IsTakenAsync(IObjectStore store, ClaimHolder holder, TimeProvider time, CancellationToken cancellationToken) =>
        (await ClaimDocument.ReadAsync(store, cancellationToken)).Claim is { } held && holder.Believes(held, time.GetUtcNow());

    /// <summary>Lets the root go.</summary>
    public ValueTask DisposeAsync() => new(_release.Value);

    /// <summary>The claim and its tag, if it stands now; null if that must be tried again.</summary>
    private static async Task<(ClaimDocument Claim, ETag ETag)?> TryTakeAsync(
        IObjectStore store, string root, ClaimDocument claim, ClaimHolder holder, DateTimeOffset now, bool isLast, CancellationToken cancellationToken)
    {
        try
        {
            var (held, etag) = await ClaimDocument.ReadAsync(store, cancellationToken);
            if (IsSame(held, claim))
            {
                // An attempt before landed, and its answer was lost.
                return (held!, etag!.Value);
            }

            if (held is not null && holder.Believes(held, now))
            {
                throw new UsageException(InUse(store, root, held, holder, now));
            }

            return await claim.WriteAsync(store, etag, cancellationToken) is WriteResult.Written written ? (claim, written.ETag) : null;
        }
        catch (StorageException e) when (e.IsTransient && !isLast)
        {
            return null;
        }
    }

    private static string InUse(IObjectStore store, string root, ClaimDocument held, ClaimHolder holder, DateTimeOffset now)
    {
        var what = holder.IsSelf(held) ? "Wait until it is done."
            : holder.IsNeighbour(held) ? "Wait until it is done, or end it: the same command goes on at once then."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Wait until it is done, or end it. If it died, its claim runs out at {Shown(held.Until)} ({Math.Ceiling((held.Until - now).TotalSeconds)} s from now), and the same command goes on then; who is sure of it may delete {store.Locate(ClaimDocument.Name)}.");
        return $"{root} is in use by {Who(held, holder)}. {what} Nothing was written.";
    }

    private static string Who(ClaimDocument held, ClaimHolder? self = null) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(self?.IsSelf(held) is true ? "this" : "")} process {held.Process} on {ObjectName.Show(held.Machine)}, batch {ObjectName.Show(held.Batch)}, since {Shown(held.Since)}").TrimStart();

    private static string Shown(DateTimeOffset time) => string.Create(CultureInfo.InvariantCulture, $"{time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");

    private static bool IsSame(ClaimDocument? one, ClaimDocument other) => string.Equals(one?.Incarnation, other.Incarnation, StringComparison.Ordinal);

    private async Task RenewAsync()
    {
        try
        {
            while (await _renewals.WaitForNextTickAsync(_ending.Token))
            {
                if (await TryRenewAsync() is { } loss)
                {
                    ClaimHolder.LetGo(_claim.Incarnation);
                    _lost.TrySetResult(loss);
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The root is let go.
        }
    }

    /// <summary>
    /// Renews the claim, or finds that another one stands. A store that does not answer proves nothing: the next time is soon, and whoever takes the
    /// root meanwhile is seen then.
    /// </summary>
    private async Task<StorageException?> TryRenewAsync()
    {
        try
        {
            for (var attempt = 1; attempt <= AttemptsMax; attempt++)
            {
                var next = _claim with { Until = _time.GetUtcNow() + BelievedFor };
                switch (await InTimeAsync(next.WriteAsync(_store, _etag, _ending.Token)))
                {
                    case WriteResult.Written written:
                        (_claim, _etag) = (next, written.ETag);
                        return null;
                    case WriteResult.Conflict:
                        var (held, etag) = await InTimeAsync(new ValueTask<(ClaimDocument? Claim, ETag? ETag)>(ClaimDocument.ReadAsync(_store, _ending.Token)));
                        if (!IsSame(held, _claim))
                        {
                            return LostTo(held);
                        }

                        // A renewal before landed, and its answer was lost.
                        _etag = etag!.Value;
                        break;
                    default:
                        break;
                }
            }
        }
        catch (Exception e) when (e is StorageException or TimeoutException)
        {
            // Nothing is known.
        }

        return null;
    }

    private Task<T> InTimeAsync<T>(ValueTask<T> call) => call.AsTask().WaitAsync(RenewEvery, _time, _ending.Token);

    private StorageException LostTo(ClaimDocument? other) => new(
        StorageFault.Conflict,
        $"{_root} is no longer claimed by this process: {(other is null ? "its claim was removed" : $"it was taken by {Who(other)}")}. A claim that cannot be renewed runs out after {BelievedFor.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s. Nothing more is done here; what is published stays, and the same command goes on when nobody else is at work.");

    private async Task ReleaseAsync()
    {
        await _ending.CancelAsync();
        await _renewing;
        _renewals.Dispose();
        ClaimHolder.LetGo(_claim.Incarnation);
        if (_lost.TrySetResult(null))
        {
            try
            {
                await DeleteAsync().WaitAsync(ReleaseMax, _time);
            }
            catch (Exception e) when (e is StorageException or TimeoutException)
            {
                // It ends with this process, and elsewhere after its time.
            }
        }

        _ending.Dispose();
    }

    private async Task DeleteAsync()
    {
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            try
            {
                if (await _store.DeleteAsync(ClaimDocument.Name, _etag, CancellationToken.None))
                {
                    return;
                }

                var (held, etag) = await ClaimDocument.ReadAsync(_store, CancellationToken.None);
                if (!IsSame(held, _claim))
                {
                    return;
                }

                _etag = etag!.Value;
            }
            catch (StorageException e) when (e.IsTransient && attempt < AttemptsMax)
            {
                // Deleting again is harmless.
                await Task.Delay(Pause * attempt, _time);
            }
        }
    }
}
