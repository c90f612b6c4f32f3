using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Hosting;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Mapping.Batches;

/// <summary>A map as its journal has it.</summary>
internal sealed class MapBook
{
    private const int FailuresKept = 1_000;

    private readonly Dictionary<int, string> _intents = [];

    /// <summary>Chunks in all.</summary>
    public int Chunks { get; private set; }

    /// <summary>Chunks that are published.</summary>
    public int ChunksDone { get; private set; }

    /// <summary>Chunks that failed.</summary>
    public int ChunksFailed { get; private set; }

    /// <summary>Why the first chunk failed, or the inputs could not be listed.</summary>
    public string? Message { get; private set; }

    public long Ok { get; private set; }

    public long Failed { get; private set; }

    public long TimedOut { get; private set; }

    public long Retries { get; private set; }

    /// <summary>Some failures, the earliest among them.</summary>
    public List<MapFailure> First { get; } = [];

    /// <summary>Every chunk is published.</summary>
    public bool IsWhole => Message is null && ChunksDone == Chunks;

    /// <summary>Reads a map's journal without taking it over.</summary>
    public static async Task<MapBook> ReadAsync(IObjectStore store, string id, CancellationToken cancellationToken)
    {
        var book = new MapBook();
        await foreach (var happened in JournalHistory.ReadAsync(store, new JournalNames(MapNames.Journal(id)), cancellationToken))
        {
            book.Add(happened);
        }

        return book;
    }

    private void Add(BatchEvent happened)
    {
        switch (happened)
        {
            case BatchEvent.Listed listed:
                Chunks = listed.Items;
                break;
            case BatchEvent.ListingGivenUp failed:
                Message ??= failed.Failure.Message;
                break;
            case BatchEvent.IntentRecorded intent:
                _intents[intent.Attempt.Item] = intent.Staged;
                break;
            case BatchEvent.ItemCommitted committed when _intents.Remove(committed.Attempt.Item, out var staged):
                Add(MapPart.Parse(staged));
                break;
            case BatchEvent.ItemFailed failed:
                ChunksFailed++;
                Message ??= failed.Failure.Message;
                break;
            case BatchEvent.Reopened:
                ChunksFailed = 0;
                Message = null;
                break;
        }
    }

    private void Add(MapPart part)
    {
        ChunksDone++;
        Ok += part.Ok;
        Failed += part.Failed;
        TimedOut += part.TimedOut;
        Retries += part.Retries;
        First.AddRange(part.First);
        if (First.Count > FailuresKept)
        {
            First.Sort((a, b) => a.Index.CompareTo(b.Index));
            First.RemoveRange(FailuresKept / 2, First.Count - (FailuresKept / 2));
        }
    }
}
