using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting.Works;

/// <summary>Work as its journal has it.</summary>
internal abstract class WorkBook
{
    private readonly Dictionary<int, string> _intents = [];

    /// <summary>Items in all.</summary>
    public int Items { get; private set; }

    /// <summary>Items that are published.</summary>
    public int Done { get; private set; }

    /// <summary>Items that failed.</summary>
    public int Failed { get; private set; }

    /// <summary>Why the first item failed, or the inputs could not be listed.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>The same for people.</summary>
    public string? Message => Failure?.Message;

    /// <summary>The document with the items; null before they are listed.</summary>
    public string? Listing { get; private set; }

    /// <summary>Every item is published.</summary>
    public bool IsWhole => Failure is null && Listing is not null && Done == Items;

    /// <summary>Reads the journal in <paramref name="folder"/> without taking it over.</summary>
    public async Task ReadAsync(IObjectStore store, string folder, CancellationToken cancellationToken)
    {
        await foreach (var happened in JournalHistory.ReadAsync(store, new JournalNames(folder), cancellationToken))
        {
            Add(happened);
        }
    }

    /// <summary>Adds what an item became.</summary>
    protected abstract void Add(string staged);

    private void Add(BatchEvent happened)
    {
        switch (happened)
        {
            case BatchEvent.Listed listed:
                (Items, Listing) = (listed.Items, listed.Document);
                break;
            case BatchEvent.ListingGivenUp failed:
                Failure ??= failed.Failure;
                break;
            case BatchEvent.IntentRecorded intent:
                _intents[intent.Attempt.Item] = intent.Staged;
                break;
            case BatchEvent.ItemCommitted committed when _intents.Remove(committed.Attempt.Item, out var staged):
                Done++;
                Add(staged);
                break;
            case BatchEvent.ItemFailed failed:
                Failed++;
                Failure ??= failed.Failure;
                break;
            case BatchEvent.Reopened:
                Failed = 0;
                Failure = null;
                break;
        }
    }
}
