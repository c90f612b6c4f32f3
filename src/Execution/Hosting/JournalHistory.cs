using System.Runtime.CompilerServices;
using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>Reads a batch's journal without taking it over.</summary>
internal static class JournalHistory
{
    private const int TailBytes = 64 << 10;

    /// <summary>Every event of a batch, oldest first; none if there is no journal.</summary>
    public static IAsyncEnumerable<BatchEvent> ReadAsync(IObjectStore store, string batchId, CancellationToken cancellationToken) =>
        ReadAsync(store, new JournalNames(HostingNames.Journal(batchId)), cancellationToken);

    /// <summary>The same of the journal that has these names.</summary>
    public static async IAsyncEnumerable<BatchEvent> ReadAsync(
        IObjectStore store, JournalNames names, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = await JournalReader.LastSegmentAsync(store, names, cancellationToken);
        for (var segment = 1; segment <= last; segment++)
        {
            await foreach (var line in JournalReader.ReadAsync(store, names.Segment(segment), cancellationToken))
            {
                if (line.Event is { } happened and not BatchEvent.SnapshotTaken)
                {
                    yield return happened;
                }
            }
        }
    }

    /// <summary>True if the batch has come to its end, by the end of its journal.</summary>
    public static async Task<bool> IsFinishedAsync(IObjectStore store, string batchId, CancellationToken cancellationToken)
    {
        var names = new JournalNames(HostingNames.Journal(batchId));
        var segment = names.Segment(await JournalReader.LastSegmentAsync(store, names, cancellationToken));
        var bytes = (await store.FindAsync(segment, cancellationToken))?.Bytes ?? 0;
        var start = Math.Max(0, bytes - TailBytes);
        var ended = false;
        await foreach (var happened in JournalReader.ReadTailAsync(store, segment, start, cancellationToken))
        {
            // Whoever opens a batch that is done leaves a line behind the end and changes nothing.
            ended = happened is BatchEvent.Finished || (ended && happened is BatchEvent.Opened);
        }

        return ended;
    }

    /// <summary>How far a batch is by its journal; null if there is none.</summary>
    public static async Task<BatchState?> LoadAsync(IObjectStore store, string batchId, CancellationToken cancellationToken)
    {
        var state = new BatchState();
        await foreach (var happened in ReadAsync(store, batchId, cancellationToken))
        {
            state.Apply(happened);
        }

        return state.Spec is null ? null : state;
    }
}
