using System.Globalization;
using System.Runtime.CompilerServices;
using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// Where a batch's journal speaks of which item: 24 bytes for a line. The journal is understood once; afterwards only the lines of the items that are
/// wanted are, so adding up a batch range by range costs no more for each item of a large batch than of a small one.
/// </summary>
internal sealed class JournalIndex(IObjectStore store, string batchId)
{
    /// <summary>The item of a line that speaks of the batch as a whole.</summary>
    private const int Whole = -1;

    private readonly JournalNames _names = new(HostingNames.Journal(batchId));
    private readonly List<Line> _lines = [];
    private int _lastSegment = 1;
    private long _end;

    /// <summary>Every event, oldest first, each remembered with its place.</summary>
    public async IAsyncEnumerable<BatchEvent> BuildAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _lastSegment = await JournalReader.LastSegmentAsync(store, _names, cancellationToken);
        for (var segment = 1; segment <= _lastSegment; segment++)
        {
            var position = 0L;
            await foreach (var line in JournalReader.ReadAsync(store, _names.Segment(segment), cancellationToken))
            {
                if (line.Event is { } happened and not BatchEvent.SnapshotTaken)
                {
                    _lines.Add(new Line(ItemOf(happened), segment, position, line.Bytes));
                    yield return happened;
                }

                position += line.Bytes;
            }

            _end = position;
        }
    }

    /// <summary>
    /// True if the journal may have been taken over by another coordinator, or the batch begun anew, since it was built here. A segment that was begun
    /// meanwhile counts as such: to read again costs less than to be wrong.
    /// </summary>
    public async Task<bool> IsOvertakenAsync(CancellationToken cancellationToken)
    {
        if (await JournalReader.LastSegmentAsync(store, _names, cancellationToken) != _lastSegment)
        {
            return true;
        }

        // From the line feed on that ends what was read.
        await foreach (var happened in JournalReader.ReadTailAsync(store, _names.Segment(_lastSegment), Math.Max(0, _end - 1), cancellationToken))
        {
            if (happened is BatchEvent.Opened or BatchEvent.Reopened)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The events of the batch as a whole and of the items that are wanted, oldest first.</summary>
    public async IAsyncEnumerable<BatchEvent> ReadAsync(Func<int, bool> isWanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (segment, start, bytes) = (0, 0L, ReadOnlyMemory<byte>.Empty);
        foreach (var line in _lines.Where(line => line.Item == Whole || isWanted(line.Item)))
        {
            if (line.Segment != segment || line.Position + line.Bytes > start + bytes.Length)
            {
                (segment, start) = (line.Segment, line.Position);
                bytes = await store.ReadLogAsync(_names.Segment(segment), start, cancellationToken) ?? default;
            }

            var where = string.Create(CultureInfo.InvariantCulture, $"The line at byte {line.Position} of {store.Locate(_names.Segment(segment))}");
            yield return bytes.Length >= line.Position - start + line.Bytes
                ? JournalLine.Decode(bytes.Span.Slice((int)(line.Position - start), line.Bytes - 1), where).Event!
                : throw new JournalDamagedException($"{where} is not there any more.");
        }
    }

    private static int ItemOf(BatchEvent happened) => happened switch
    {
        BatchEvent.Dispatched e => e.Attempt.Item,
        BatchEvent.AttemptLost e => e.Attempt.Item,
        BatchEvent.AttemptReleased e => e.Attempt.Item,
        BatchEvent.AttemptFailed e => e.Attempt.Item,
        BatchEvent.ItemStaged e => e.Attempt.Item,
        BatchEvent.IntentRecorded e => e.Attempt.Item,
        BatchEvent.ItemCommitted e => e.Attempt.Item,
        BatchEvent.ItemUnchanged e => e.Attempt.Item,
        BatchEvent.ItemFailed e => e.Attempt.Item,
        _ => Whole,
    };

    private readonly record struct Line(int Item, int Segment, long Position, int Bytes);
}
