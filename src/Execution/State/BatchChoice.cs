using System.Globalization;
using OrleansClean.Batches;
using OrleansClean.Storage;

namespace OrleansClean.Execution.State;

/// <summary>Which batch a request means: the newest unfinished one of its key, or the next.</summary>
/// <param name="Id">The id.</param>
/// <param name="Key">Plan name and hash.</param>
/// <param name="Existing">What the batch was started with, if it exists.</param>
/// <param name="IsFinished">True if it exists and has come to its end.</param>
internal sealed record BatchChoice(string Id, string Key, ExistingBatch? Existing, bool IsFinished)
{
    /// <summary>Chooses. A batch under <paramref name="askedId"/> must be of the same key.</summary>
    public static async Task<BatchChoice> MakeAsync(IObjectStore store, string? askedId, string key, CancellationToken cancellationToken)
    {
        if (askedId is not null)
        {
            return await AskedAsync(store, askedId, key, cancellationToken);
        }

        var ids = (await StoredBatches.FindAsync(store, cancellationToken)).Keys;
        var last = ids.Select(id => NumberOf(id, key)).DefaultIfEmpty(0).Max();
        if (last > 0)
        {
            var id = IdOf(key, last);
            var existing = await ExistingBatch.FindAsync(store, id, cancellationToken);
            if (existing is null || await StoredBatches.IsUnfinishedAsync(store, id, cancellationToken))
            {
                return new BatchChoice(id, key, existing, false);
            }
        }

        return new BatchChoice(IdOf(key, last + 1), key, null, false);
    }

    /// <summary>True if the batch is still as it was when it was chosen: nobody began it, or ended it, in between.</summary>
    public async Task<bool> HoldsAsync(IObjectStore store, CancellationToken cancellationToken) =>
        Existing is null
            ? await StoredBatches.FindSpecAsync(store, Id, cancellationToken) is null
            : await StoredBatches.IsUnfinishedAsync(store, Id, cancellationToken);

    private static async Task<BatchChoice> AskedAsync(IObjectStore store, string id, string key, CancellationToken cancellationToken)
    {
        if (!StateNames.IsId(id))
        {
            throw new UsageException($"'{ObjectName.Show(id)}' cannot be a batch's id: letters, digits, '-', '_' and '.', at most {StateNames.IdLengthMax}.");
        }

        var existing = await ExistingBatch.FindAsync(store, id, cancellationToken);
        return existing is null || string.Equals(existing.Header.Key, key, StringComparison.Ordinal)
            ? new BatchChoice(id, key, existing, existing is not null && !await StoredBatches.IsUnfinishedAsync(store, id, cancellationToken))
            : throw new UsageException($"The batch {id} was started with another plan, other parameters or other inputs ({existing.Header.PlanName}). Choose another --id.");
    }

    private static string IdOf(string key, int number) => string.Create(CultureInfo.InvariantCulture, $"{key}-{number}");

    private static int NumberOf(string id, string key) =>
        id.StartsWith(key + "-", StringComparison.Ordinal)
        && int.TryParse(id.AsSpan(key.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

/// <summary>A batch that was submitted before.</summary>
/// <param name="Header">What it was started with.</param>
/// <param name="Spec">What it was submitted as.</param>
internal sealed record ExistingBatch(BatchHeader Header, BatchSpec Spec)
{
    /// <summary>The batch; null if it was never submitted.</summary>
    public static async Task<ExistingBatch?> FindAsync(IObjectStore store, string id, CancellationToken cancellationToken) =>
        await StoredBatches.ReadHeaderAsync(store, id, cancellationToken) is { } header
        && await StoredBatches.FindSpecAsync(store, id, cancellationToken) is { } spec
            ? new ExistingBatch(header, spec)
            : null;
}
