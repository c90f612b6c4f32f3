using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OrleansClean.Storage;

namespace OrleansClean.Execution.State;

/// <summary>Who works on an output root, as its document says.</summary>
/// <param name="Id">Names the claim.</param>
/// <param name="Machine">The holder's machine.</param>
/// <param name="Process">The holder's process there.</param>
/// <param name="Batch">The batch that it began with.</param>
/// <param name="Since">When it began.</param>
/// <param name="Until">When it is no longer believed, unless it is renewed.</param>
internal sealed record ClaimDocument(string Id, string Machine, int Process, string Batch, DateTimeOffset Since, DateTimeOffset Until);

/// <summary>
/// Keeps a second process out of an output root that is no folder: a document that its holder renews. It spares people work that would be
/// done twice; who may write a batch is decided by the batch's journal, and what may be replaced by preconditions.
/// </summary>
internal sealed class RootClaim : IAsyncDisposable
{
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(45);
    private static readonly ConcurrentDictionary<string, bool> Live = new(StringComparer.Ordinal);

    private readonly IObjectStore _store;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _renewing;
    private ClaimDocument _claim;
    private ETag _etag;

    private RootClaim(IObjectStore store, TimeProvider time, ClaimDocument claim, ETag etag)
    {
        _store = store;
        _time = time;
        _claim = claim;
        _etag = etag;
        Live[claim.Id] = true;
        _renewing = Task.Run(RenewAsync);
    }

    private static ObjectName Name { get; } = ObjectName.Parse(StateNames.Root + "/lock");

    /// <summary>Takes the root, or throws <see cref="UsageException"/> naming the process that has it.</summary>
    public static async Task<RootClaim> TakeAsync(IObjectStore store, string root, string batchId, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (held, etag) = await ReadAsync(store, cancellationToken);
        if (held is not null && IsAlive(held, now))
        {
            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture,
                $"{root} is in use by process {held.Process} on {held.Machine}, batch {held.Batch}, since {held.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC. Wait until it is done, or end it; one that died is forgotten after {BelievedFor.TotalSeconds} s. Nothing was written."));
        }

        var claim = new ClaimDocument(Guid.NewGuid().ToString("n"), Environment.MachineName, Environment.ProcessId, batchId, now, now + BelievedFor);
        return await WriteAsync(store, claim, etag, cancellationToken) is { } written
            ? new RootClaim(store, time, claim, written)
            : throw new UsageException($"Another process began to work on {root} in this moment. Wait until it is done; nothing was written.");
    }

    /// <summary>True if a process works on the root now.</summary>
    public static async Task<bool> IsTakenAsync(IObjectStore store, TimeProvider time, CancellationToken cancellationToken) =>
        (await ReadAsync(store, cancellationToken)).Claim is { } held && IsAlive(held, time.GetUtcNow());

    /// <summary>Lets the root go.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _renewing;
        Live.TryRemove(_claim.Id, out _);
        try
        {
            await _store.DeleteAsync(Name, _etag, CancellationToken.None);
        }
        catch (StorageException)
        {
            // It is forgotten after its time.
        }

        _ending.Dispose();
    }

    private static async Task<(ClaimDocument? Claim, ETag? ETag)> ReadAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        if (await store.ReadDocumentAsync(Name, cancellationToken) is not { } document)
        {
            return (null, null);
        }

        try
        {
            return (JsonSerializer.Deserialize(document.Content.Span, ExecutionJson.Lines.ClaimDocument), document.ETag);
        }
        catch (JsonException)
        {
            // Of another version, or damaged: it binds nobody.
            return (null, document.ETag);
        }
    }

    private static async Task<ETag?> WriteAsync(IObjectStore store, ClaimDocument claim, ETag? expected, CancellationToken cancellationToken)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(claim, ExecutionJson.Lines.ClaimDocument);
        var precondition = expected is { } etag ? Precondition.Matches(etag) : Precondition.Absent;
        return await store.WriteDocumentAsync(Name, content, precondition, cancellationToken) is WriteResult.Written written ? written.ETag : null;
    }

    /// <summary>A process of this machine that has ended does not have to be waited for.</summary>
    private static bool IsAlive(ClaimDocument held, DateTimeOffset now) =>
        held.Until > now && (held.Machine != Environment.MachineName || (held.Process == Environment.ProcessId ? Live.ContainsKey(held.Id) : Lives(held.Process)));

    private static bool Lives(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(RenewEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                var next = _claim with { Until = _time.GetUtcNow() + BelievedFor };
                if (await TryWriteAsync(next) is { } etag)
                {
                    (_claim, _etag) = (next, etag);
                }
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The root is let go.
        }
    }

    private async Task<ETag?> TryWriteAsync(ClaimDocument next)
    {
        try
        {
            return await WriteAsync(_store, next, _etag, _ending.Token);
        }
        catch (StorageException)
        {
            // It is tried again next time; until then the document is believed.
            return null;
        }
    }
}
