using System.Collections.Immutable;
using OrleansClean.Execution.Inputs;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>A batch's inputs, about to be frozen, in the order of names.</summary>
/// <param name="Header">What the batch is started with.</param>
/// <param name="Items">The inputs.</param>
internal sealed record InputListing(BatchHeader Header, IReadOnlyList<ListedInput> Items)
{
    /// <summary>
    /// Writes the listing in the order of names, that people and other commands read, then the one that counts, in the order in which files are
    /// to be begun and named by its content.
    /// </summary>
    /// <param name="store">The store of the batch's documents.</param>
    /// <param name="order">The order; null for largest first, so that no large file is left for the end.</param>
    /// <param name="standing">What must stand where the first of them goes: a coordinator that hung must not write over its successor's.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public async Task<(ObjectName Name, byte[] Content)> WriteAsync(
        IObjectStore store, Func<IReadOnlyList<string>, IReadOnlyList<string>>? order, Precondition standing, CancellationToken cancellationToken)
    {
        var listing = StateNames.Of(Header.BatchId, StateNames.ListingFile);
        if (await store.WriteDocumentAsync(listing, BatchListingDocument.Encode(Header, Items), standing, cancellationToken) is not WriteResult.Written)
        {
            throw new StorageException(StorageFault.Busy, $"{store.Locate(listing)} is being written by someone else.");
        }

        // Last, because it makes all that was written survive the loss of power before the journal names it.
        var content = BatchListingDocument.Encode(Header, order is null ? LargestFirst() : Ordered(order));
        var name = HostingNames.Document(Header.BatchId, "listing-", content, "jsonl");
        await store.WriteImmutableAsync(name, content, cancellationToken);
        return (name, content);
    }

    /// <summary>Pieces of the first inputs that are begun, which workers share.</summary>
    public ImmutableArray<int> Pieces => [.. LargestFirst().TakeWhile(item => item.Pieces is not null).Select(item => item.Pieces!.Begin.Length)];

    /// <summary>The inputs as they are begun where nobody asks for another order; those in pieces come first.</summary>
    public IEnumerable<ListedInput> LargestFirst() => Items
        .OrderByDescending(item => item.Pieces is not null).ThenByDescending(item => item.Bytes).ThenBy(item => item.Name, StringComparer.Ordinal);

    private ListedInput[] Ordered(Func<IReadOnlyList<string>, IReadOnlyList<string>> order)
    {
        var byName = Items.ToDictionary(item => item.Name, StringComparer.Ordinal);
        ListedInput[] ordered = [.. order([.. Items.Select(item => item.Name)]).Select(name => byName[name])];
        return ordered.Distinct().Count() == Items.Count
            ? ordered
            : throw new ArgumentException("The order must give every name once.", nameof(order));
    }
}

/// <summary>Where the inputs of a listing come from.</summary>
/// <param name="Key">Equal for requests of which one continues the other.</param>
/// <param name="PlanPath">The plan's path, for those who look for it later.</param>
/// <param name="Inputs">The inputs in the order of names.</param>
internal sealed record ListingSource(string Key, string PlanPath, IReadOnlyList<FoundInput> Inputs);
