using System.Globalization;
using System.Runtime.CompilerServices;
using OrleansClean.Batches;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Coordination;

/// <summary>A line as it was read: its content, and what it takes up.</summary>
/// <param name="Event">What happened, or null.</param>
/// <param name="Closed">The segment that follows, or null.</param>
/// <param name="SnapshotDocument">The snapshot's document, or null.</param>
/// <param name="Bytes">Bytes of the line, its line feed included.</param>
/// <param name="IsFirstOfAppend">True if an append began with it.</param>
internal sealed record ReadLine(BatchEvent? Event, int? Closed, string? SnapshotDocument, int Bytes, bool IsFirstOfAppend);

/// <summary>Reads segments.</summary>
internal static class JournalReader
{
    private const int SegmentsMax = 1_000_000;

    /// <summary>
    /// The last segment that has any line; 1 if there is none. Segments are begun in order, so the search doubles and halves
    /// instead of listing.
    /// </summary>
    public static Task<int> LastSegmentAsync(IObjectStore store, JournalNames names, CancellationToken cancellationToken) =>
        LastAsync(store, names.Segment, cancellationToken);

    /// <summary>The same of logs that are called otherwise.</summary>
    public static async Task<int> LastAsync(IObjectStore store, Func<int, ObjectName> nameOf, CancellationToken cancellationToken)
    {
        var low = 1;
        var high = 2;
        while (high < SegmentsMax && await ExistsAsync(store, nameOf(high), cancellationToken))
        {
            low = high;
            high *= 2;
        }

        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (await ExistsAsync(store, nameOf(middle), cancellationToken))
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The segment's whole lines, in order. A torn last line is not part of it.</summary>
    public static async IAsyncEnumerable<ReadLine> ReadAsync(
        IObjectStore store,
        ObjectName segment,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = 0L;
        var number = 0;
        var last = (0L, 0L);
        var rest = Array.Empty<byte>();
        while (await store.ReadLogAsync(segment, position + rest.Length, cancellationToken) is { IsEmpty: false } read)
        {
            byte[] bytes = [.. rest, .. read.Span];
            var start = 0;
            for (var end = Array.IndexOf(bytes, (byte)'\n', start); end >= 0; end = Array.IndexOf(bytes, (byte)'\n', start))
            {
                var where = string.Create(CultureInfo.InvariantCulture, $"Line {++number} of {store.Locate(segment)}");
                var line = JournalLine.Decode(bytes.AsSpan(start, end - start), where);
                yield return new ReadLine(
                    line.Event, line.Closed, line.SnapshotDocument, end + 1 - start, (line.Incarnation, line.Append) != last);
                last = (line.Incarnation, line.Append);
                start = end + 1;
            }

            position += start;
            rest = bytes[start..];
        }
    }

    /// <summary>The events of the whole lines behind a place that may be in the middle of a line, in order.</summary>
    public static async IAsyncEnumerable<BatchEvent> ReadTailAsync(
        IObjectStore store, ObjectName segment, long start, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await store.ReadLogAsync(segment, start, cancellationToken) is not { IsEmpty: false } read)
        {
            yield break;
        }

        var bytes = read.ToArray();
        var at = start == 0 ? 0 : Array.IndexOf(bytes, (byte)'\n') + 1;
        for (var end = Array.IndexOf(bytes, (byte)'\n', at); end >= 0; end = Array.IndexOf(bytes, (byte)'\n', at))
        {
            if (JournalLine.Decode(bytes.AsSpan(at, end - at), $"The end of {store.Locate(segment)}").Event is { } happened)
            {
                yield return happened;
            }

            at = end + 1;
        }
    }

    private static async Task<bool> ExistsAsync(IObjectStore store, ObjectName log, CancellationToken cancellationToken) =>
        await store.ReadLogAsync(log, 0, cancellationToken) is { IsEmpty: false };
}
