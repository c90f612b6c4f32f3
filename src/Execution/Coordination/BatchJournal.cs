using System.Security.Cryptography;
using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Coordination;

/// <summary>
/// A batch's events, durable and in order, in a chain of append-only segments. It belongs to the coordinator that opened it
/// last: every older one is fenced at its next append. Not safe for two threads.
/// </summary>
internal sealed class BatchJournal
{
    /// <summary>Appends after which a segment is closed: append blobs hold 50,000.</summary>
    public const int SegmentAppendsMax = 20_000;

    /// <summary>Bytes after which a segment is closed.</summary>
    public const long SegmentBytesMax = 64L << 20;

    /// <summary>Bytes of a snapshot that stands in a line of its own; a larger one is a document.</summary>
    private const int SnapshotInlineBytesMax = 512 << 10;

    private const int OpenAttemptsMax = 20;

    private readonly IObjectStore _store;
    private readonly JournalNames _names;
    private readonly TimeProvider _time;
    private readonly JournalBounds _bounds;
    private readonly AsideLog _aside;
    private readonly string _writer = Guid.NewGuid().ToString("N");
    private int _segment;
    private int _appendsInSegment;
    private long _position;
    private long _append;

    private BatchJournal(IObjectStore store, JournalNames names, TimeProvider time, JournalBounds bounds)
    {
        _store = store;
        _names = names;
        _time = time;
        _bounds = bounds;
        _aside = new AsideLog(store, names, time);
    }

    /// <summary>The state that the journal gives, the opening of this coordinator included.</summary>
    public BatchState State { get; } = new();

    /// <summary>
    /// Reads the journal, or begins it, and takes it over: the opening is appended at the position read, which fences every
    /// older coordinator. Returns the decision of the opening, whose effects are due.
    /// </summary>
    public static async Task<(BatchJournal Journal, BatchDecision Opening)> OpenAsync(
        IObjectStore store,
        JournalNames names,
        TimeProvider time,
        JournalBounds? bounds,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var journal = new BatchJournal(store, names, time, bounds ?? JournalBounds.Default);
            try
            {
                await journal.LoadAsync(cancellationToken);
                var at = new Moment(time.GetUtcNow().ToUnixTimeMilliseconds());
                var opening = BatchMachine.Decide(journal.State, new BatchInput.Open(journal.State.Incarnation + 1) { At = at });
                var group = journal.BeginGroup();
                group.Add(opening.Events);
                await group.CommitAsync(cancellationToken);
                return (journal, opening);
            }
            catch (FencedException) when (attempt < OpenAttemptsMax)
            {
                // Another one wrote at the same time. Whoever comes last has it.
            }
        }
    }

    /// <summary>Begins a group of decisions whose events become durable together.</summary>
    public Group BeginGroup() => new(this);

    /// <summary>Throws <see cref="FencedException"/> if another coordinator has written since this one did.</summary>
    public async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        var segment = _names.Segment(_segment);
        if (await _store.ReadLogAsync(segment, _position, cancellationToken) is not { IsEmpty: true })
        {
            throw new FencedException($"Another coordinator writes the journal {_store.Locate(segment)}.");
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        _segment = await JournalReader.LastSegmentAsync(_store, _names, cancellationToken);
        while (true)
        {
            _position = 0;
            _appendsInSegment = 0;
            int? closed = null;
            await foreach (var line in JournalReader.ReadAsync(_store, _names.Segment(_segment), cancellationToken))
            {
                _position += line.Bytes;
                _appendsInSegment += line.IsFirstOfAppend ? 1 : 0;
                closed = line.Closed;
                await ApplyAsync(line, cancellationToken);
            }

            if (closed is not { } next)
            {
                break;
            }

            _segment = next;
        }

        // The segment before was closed and this one not begun, or its first line was torn: it begins with what came before.
        if (_segment > 1 && _position == 0)
        {
            await WriteSnapshotAsync(cancellationToken);
        }
    }

    private async Task ApplyAsync(ReadLine line, CancellationToken cancellationToken)
    {
        if (line.SnapshotDocument is { } sha256)
        {
            var document = await _store.ReadDocumentAsync(_names.Snapshot(sha256), cancellationToken)
                ?? throw new JournalDamagedException($"The snapshot {_store.Locate(_names.Snapshot(sha256))} is missing.");
            if (!string.Equals(Convert.ToHexStringLower(SHA256.HashData(document.Content.Span)), sha256, StringComparison.Ordinal))
            {
                throw new JournalDamagedException(
                    $"{_store.Locate(_names.Snapshot(sha256))} is damaged: its content is not what its name says. Keep the folder as it is and restore the file from a copy.");
            }

            State.Apply(new BatchEvent.SnapshotTaken(JsonSerializer.Deserialize(document.Content.Span, JournalJson.Default.BatchSnapshot)!));
        }
        else if (line.Event is { } happened)
        {
            State.Apply(happened);
        }
    }

    /// <summary>Closes the segment at its expected position first; only then is the next one begun, with a snapshot.</summary>
    private async Task RollAsync(CancellationToken cancellationToken)
    {
        await AppendBytesAsync(new JournalLine(State.Incarnation, _append + 1, Closed: _segment + 1).Encode(), cancellationToken);

        // A segment that is there when the end of the one before is not would leave a hole in the history.
        await _store.FlushAsync(cancellationToken);
        _segment++;
        _position = 0;
        _appendsInSegment = 0;
        await WriteSnapshotAsync(cancellationToken);
    }

    private async Task WriteSnapshotAsync(CancellationToken cancellationToken)
    {
        var snapshot = State.Snapshot();
        var json = JsonSerializer.SerializeToUtf8Bytes(snapshot, JournalJson.Default.BatchSnapshot);
        JournalLine line;
        if (json.Length <= SnapshotInlineBytesMax)
        {
            line = new JournalLine(State.Incarnation, _append + 1, new BatchEvent.SnapshotTaken(snapshot));
        }
        else
        {
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(json));
            await Documents.WriteAsync(_store, _names.Snapshot(sha256), json, _time, cancellationToken);
            line = new JournalLine(State.Incarnation, _append + 1, SnapshotDocument: sha256);
        }

        await AppendBytesAsync(line.Encode(), cancellationToken);
    }

    /// <summary>Joins lines to appends of at most the store's bound.</summary>
    private IEnumerable<byte[]> Parts(List<byte[]> lines)
    {
        var start = 0;
        while (start < lines.Count)
        {
            var bytes = 0;
            var end = start;
            while (end < lines.Count && (end == start || bytes + lines[end].Length <= _store.Limits.LogAppendBytesMax))
            {
                bytes += lines[end++].Length;
            }

            yield return [.. lines[start..end].SelectMany(line => line)];
            start = end;
        }
    }

    private async Task RollIfFullAsync(CancellationToken cancellationToken)
    {
        if (_appendsInSegment >= _bounds.SegmentAppendsMax || _position >= _bounds.SegmentBytesMax)
        {
            await RollAsync(cancellationToken);
        }
    }

    private async Task AppendBytesAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        await JournalWriter.AppendAsync(_store, _names.Segment(_segment), _position, bytes, _time, cancellationToken);
        _position += bytes.Length;
        _appendsInSegment++;
        _append++;
    }

    /// <summary>
    /// Decisions on their way into the journal. The state is ahead of the journal from <see cref="Add"/> to the end of
    /// <see cref="CommitAsync"/>: if that fails, journal and state must be thrown away.
    /// </summary>
    public sealed class Group(BatchJournal journal)
    {
        private readonly List<BatchEvent> _durable = [];

        /// <summary>True if nothing of it must become durable.</summary>
        public bool IsEmpty => _durable.Count == 0;

        /// <summary>Applies a decision's events, and keeps the durable ones for the append.</summary>
        public void Add(IReadOnlyList<BatchEvent> events)
        {
            foreach (var happened in events)
            {
                journal.State.Apply(happened);
                if (happened.IsDurable)
                {
                    _durable.Add(happened);
                }
            }
        }

        /// <summary>
        /// Makes all of it durable, in one append if it fits. Throws <see cref="FencedException"/> if another coordinator took
        /// over, and <see cref="StorageException"/> if the outcome cannot be found out.
        /// </summary>
        public async Task CommitAsync(CancellationToken cancellationToken)
        {
            // In this order: an event says where to find what is kept beside it.
            await journal._aside.KeepAsync(_durable, cancellationToken);

            // The opening's lines carry the incarnation that they begin.
            var lines = _durable.ConvertAll(happened => new JournalLine(
                journal.State.Incarnation,
                journal._append + 1,
                happened,
                Writer: happened is BatchEvent.Opened ? journal._writer : null).Encode());
            foreach (var part in journal.Parts(lines))
            {
                await journal.AppendBytesAsync(part, cancellationToken);
            }

            await journal.RollIfFullAsync(cancellationToken);
        }
    }
}

/// <summary>When a segment is closed.</summary>
internal sealed record JournalBounds(int SegmentAppendsMax, long SegmentBytesMax)
{
    /// <summary>20,000 appends or 64 MiB.</summary>
    public static JournalBounds Default { get; } = new(BatchJournal.SegmentAppendsMax, BatchJournal.SegmentBytesMax);
}
