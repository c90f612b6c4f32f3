using OrleansClean.Batches;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Coordination;

/// <summary>
/// What events name and the journal must not hold, in logs beside it: all of one append of the journal shares one append here, before it. Several
/// coordinators may write to one log, because which of them has the batch is for the journal to say: what a replaced one leaves here is named by no
/// event. Not safe for two threads.
/// </summary>
internal sealed class AsideLog(IObjectStore store, JournalNames names, TimeProvider time)
{
    private const int TriesMax = 20;

    private int? _log;
    private long _end;

    /// <summary>Makes what the events have aside durable, and puts in their place events that say where it is.</summary>
    public async Task KeepAsync(List<BatchEvent> events, CancellationToken cancellationToken)
    {
        var first = 0;
        while (first < events.Count)
        {
            var bytes = 0;
            var next = first;
            for (; next < events.Count && (bytes == 0 || bytes + events[next].Aside.Length <= store.Limits.LogAppendBytesMax); next++)
            {
                bytes += events[next].Aside.Length;
            }

            if (bytes > 0)
            {
                await KeepAsync(events, first, next, new byte[bytes], cancellationToken);
            }

            first = next;
        }
    }

    private async Task KeepAsync(List<BatchEvent> events, int first, int next, byte[] bytes, CancellationToken cancellationToken)
    {
        var filled = 0;
        for (var index = first; index < next; index++)
        {
            events[index].Aside.CopyTo(bytes.AsMemory(filled));
            filled += events[index].Aside.Length;
        }

        var (log, start) = await AppendAsync(bytes, cancellationToken);
        for (var index = first; index < next; index++)
        {
            if (events[index] is { Aside: { IsEmpty: false } aside } happened)
            {
                events[index] = happened with { Aside = default, Kept = new AsidePlace(log, start, aside.Length) };
                start += aside.Length;
            }
        }
    }

    private async Task<(int Log, long Start)> AppendAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var log = _log ??= await FindEndAsync(cancellationToken);
            try
            {
                var start = _end;
                await JournalWriter.AppendAsync(store, names.Aside(log), start, bytes, time, cancellationToken);
                _end += bytes.Length;
                return (log, start);
            }
            catch (FencedException) when (attempt < TriesMax)
            {
                // Another coordinator wrote here: this one goes on behind that.
                _log = null;
            }
            catch (StorageException e) when (e.Fault is StorageFault.Full && attempt < TriesMax)
            {
                (_log, _end) = (log + 1, 0);
            }
        }
    }

    private async Task<int> FindEndAsync(CancellationToken cancellationToken)
    {
        var log = await JournalReader.LastAsync(store, names.Aside, cancellationToken);
        _end = (await store.FindAsync(names.Aside(log), cancellationToken))?.Bytes ?? 0;
        return log;
    }
}
