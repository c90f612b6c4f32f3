using System.Globalization;
using OrleansClean.Storage.Blobs;

namespace OrleansClean.Storage.Memory;

/// <summary>
/// A store in this process that is as strict as Azure Blob Storage is documented to be, where its emulator is not: at most 50,000 blocks in
/// a commit and 100,000 waiting, ids of one length and at most 64 bytes, blocks gone a week after the last one came, one
/// commit drops all other blocks that wait under its name, at most 50,000 appends to a log. It never answers "unknown" by itself:
/// <see cref="Faults.StoreFaults"/> does.
/// </summary>
public sealed class MemoryStore : IObjectStore
{
    private const int WaitingBlocksMax = 100_000;
    private static readonly TimeSpan BlockLife = TimeSpan.FromDays(7);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, MemoryBlob> _blobs = new(StringComparer.Ordinal);
    private readonly TimeProvider _clock;
    private readonly BlockSizes _sizes;
    private long _operations;
    private long _lastTag;

    /// <summary>An empty store. <paramref name="blockBytes"/> is the length of the first blocks of an object.</summary>
    public MemoryStore(TimeProvider clock, int blockBytes = 4 << 20)
    {
        _clock = clock;
        _sizes = new BlockSizes(blockBytes);
        Limits = StoreLimits.Default with { ObjectBytesMax = _sizes.TotalMax, IsRemote = true };
    }

    /// <inheritdoc />
    public long Operations => Interlocked.Read(ref _operations);

    /// <inheritdoc />
    public StoreLimits Limits { get; }

    /// <inheritdoc />
    public string Locate(ObjectName name) => "memory:" + ObjectName.Show(name.Value);

    /// <summary>Blocks that wait under a name.</summary>
    public int WaitingBlocks(ObjectName name)
    {
        lock (_lock)
        {
            return Blob(name).Blocks.Count;
        }
    }

    /// <inheritdoc />
    public ValueTask<ObjectListing> ListAsync(ListScope scope, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _operations);
        List<StoredObject> objects = [];
        lock (_lock)
        {
            foreach (var (name, blob) in _blobs)
            {
                if (blob.Committed is { } content && name.StartsWith(ScopeFilter.PrefixOf(scope), StringComparison.Ordinal) && ScopeFilter.Takes(scope, name))
                {
                    ScopeFilter.Add(name, content.Bytes.Length, content.ETag, objects, []);
                }
            }
        }

        return ValueTask.FromResult(ScopeFilter.Finish(objects, []));
    }

    /// <inheritdoc />
    public ValueTask<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken) =>
        Do(name, blob => Standing(name, blob), cancellationToken);

    /// <inheritdoc />
    public ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) =>
        OpenReadAsync(name, etag, new ByteRange(0, long.MaxValue), cancellationToken);

    /// <inheritdoc />
    public ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, ByteRange range, CancellationToken cancellationToken) =>
        Do<Stream>(name, blob =>
        {
            if (blob.Committed is not { } content || content.ETag != etag)
            {
                throw new StorageException(StorageFault.Changed, $"{Locate(name)} changed after it was listed. Run the same command again when nobody writes to it.");
            }

            var start = (int)Math.Min(range.Start, content.Bytes.Length);
            var length = (int)Math.Min(range.Length, content.Bytes.Length - start);
            return new MemoryStream(content.Bytes.Slice(start, length).ToArray(), writable: false);
        }, cancellationToken);

    /// <inheritdoc />
    public ValueTask<IStaging> StageAsync(ObjectName name, StageId stage, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        BlobNames.Check(name);
        return ValueTask.FromResult<IStaging>(new MemoryStaging(this, name, BlockIds.New(stage), _sizes));
    }

    /// <inheritdoc />
    public ValueTask<CommitResult> CommitAsync(StagedReference staged, Precondition precondition, CommitId commit, CancellationToken cancellationToken) =>
        Do<CommitResult>(staged.Name, blob =>
        {
            if (blob.Committed?.ETag != precondition.Expected)
            {
                return blob.Committed is { } content && content.Commit == commit
                    ? new CommitResult.Published(content.ETag)
                    : new CommitResult.Conflict(Standing(staged.Name, blob), $"{Locate(staged.Name)} was written by someone else. Nothing was replaced; run the same command again.");
            }

            if (!BlockIds.TryRead(staged, out var ids) || !ids.All(blob.Blocks.ContainsKey))
            {
                return new CommitResult.StageLost($"What was staged for {Locate(staged.Name)} is not there any more. Nothing was replaced; it must be cleaned again.");
            }

            using var bytes = new MemoryStream((int)staged.Bytes);
            foreach (var id in ids)
            {
                bytes.Write(blob.Blocks[id]);
            }

            return new CommitResult.Published(Replace(blob, bytes.ToArray(), commit));
        }, cancellationToken);

    /// <inheritdoc />
    public ValueTask<StagedReference> JoinAsync(IReadOnlyList<StagedReference> pieces, StageId stage, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(BlockIds.Join(pieces, stage));
    }

    /// <inheritdoc />
    public ValueTask AbortAsync(StagedReference staged, CancellationToken cancellationToken)
    {
        // As with blobs, there is no call for it: what is left expires.
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask<int> SweepStagedAsync(Func<StageId, bool> isFinished, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(0);
    }

    /// <inheritdoc />
    public ValueTask<bool> DeleteAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) => Do(name, blob =>
    {
        if (blob.Committed is { } content && content.ETag != etag)
        {
            return false;
        }

        if (blob.Committed is not null)
        {
            blob.Committed = null;
            blob.Blocks.Clear();
        }

        return true;
    }, cancellationToken);

    /// <inheritdoc />
    public ValueTask<StoredDocument?> ReadDocumentAsync(ObjectName name, CancellationToken cancellationToken) =>
        Do(name, blob => blob.Committed is { } content ? new StoredDocument(content.Bytes, content.ETag) : null, cancellationToken);

    /// <inheritdoc />
    public ValueTask<WriteResult> WriteDocumentAsync(ObjectName name, ReadOnlyMemory<byte> content, Precondition precondition, CancellationToken cancellationToken)
    {
        Limits.CheckDocument(name, content.Length);
        return Do<WriteResult>(name, blob =>
        {
            if (blob.Committed?.ETag != precondition.Expected)
            {
                return blob.Committed is { } standing && standing.Bytes.Span.SequenceEqual(content.Span)
                    ? new WriteResult.Written(standing.ETag)
                    : new WriteResult.Conflict(Standing(name, blob));
            }

            return new WriteResult.Written(Replace(blob, content.ToArray(), null));
        }, cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask<AppendResult> AppendAsync(ObjectName name, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Limits.CheckAppend(name, bytes.Span);
        return Do<AppendResult>(name, blob =>
        {
            if (blob.Committed is { IsLog: false })
            {
                throw new StorageException(StorageFault.Conflict, $"{Locate(name)} is no log, so nothing can be appended to it. Move it away.");
            }

            var log = blob.Committed ?? new MemoryBlob.Content(default, default, null) { IsLog = true };
            if (log.Bytes.Length != position)
            {
                return new AppendResult.Refused(log.Bytes.Length);
            }

            if (log.Appends == Limits.LogAppendsMax)
            {
                throw new StorageException(StorageFault.Full, string.Create(CultureInfo.InvariantCulture, $"{Locate(name)} has its {log.Appends} appends. Begin another log."));
            }

            blob.Committed = log with { Bytes = blob.Grow(log.Bytes, bytes.Span), ETag = NextTag(), Appends = log.Appends + 1 };
            return new AppendResult.Appended(position + bytes.Length);
        }, cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask<ReadOnlyMemory<byte>?> ReadLogAsync(ObjectName name, long position, CancellationToken cancellationToken) =>
        Do<ReadOnlyMemory<byte>?>(name, blob =>
        {
            if (blob.Committed is not { } content)
            {
                return null;
            }

            var start = (int)Math.Min(position, content.Bytes.Length);
            var part = content.Bytes.Slice(start, Math.Min(content.Bytes.Length - start, Limits.LogReadBytesMax));
            return part[..LogText.WholeLines(part.Span)];
        }, cancellationToken);

    /// <inheritdoc />
    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.CompletedTask;
    }

    /// <summary>Stages a block by its id, as any program may: in base 64.</summary>
    public void PutBlock(ObjectName name, string blockId, ReadOnlySpan<byte> bytes)
    {
        Interlocked.Increment(ref _operations);
        lock (_lock)
        {
            var blob = Blob(name);
            var length = Convert.FromBase64String(blockId).Length;
            if (length is 0 or > BlockIds.BytesMax || (blob.Blocks.Keys.FirstOrDefault() is { } other && Convert.FromBase64String(other).Length != length))
            {
                throw new StorageException(StorageFault.Blocked, $"{Locate(name)} has blocks with ids of another length. They are gone a week after the last one came.");
            }

            if (blob.Blocks.Count >= WaitingBlocksMax)
            {
                throw new StorageException(StorageFault.Full, $"{Locate(name)} has {WaitingBlocksMax} blocks that wait.");
            }

            blob.Blocks[blockId] = bytes.ToArray();
            blob.LastBlock = _clock.GetUtcNow();
        }
    }

    /// <summary>The length of the ids of blocks that wait under a name, in bytes; null if none do.</summary>
    internal int? WaitingIdLength(ObjectName name)
    {
        lock (_lock)
        {
            return Blob(name).Blocks.Keys.FirstOrDefault() is { } id ? Convert.FromBase64String(id).Length : null;
        }
    }

    private ValueTask<T> Do<T>(ObjectName name, Func<MemoryBlob, T> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        BlobNames.Check(name);
        Interlocked.Increment(ref _operations);
        lock (_lock)
        {
            return ValueTask.FromResult(call(Blob(name)));
        }
    }

    private MemoryBlob Blob(ObjectName name)
    {
        if (!_blobs.TryGetValue(name.Value, out var blob))
        {
            _blobs[name.Value] = blob = new MemoryBlob();
        }

        if (blob.Blocks.Count != 0 && _clock.GetUtcNow() - blob.LastBlock >= BlockLife)
        {
            blob.Blocks.Clear();
        }

        return blob;
    }

    private ETag Replace(MemoryBlob blob, byte[] bytes, CommitId? commit)
    {
        blob.Committed = new MemoryBlob.Content(bytes, NextTag(), commit);
        blob.Blocks.Clear();
        return blob.Committed.ETag;
    }

    private ETag NextTag() => new(string.Create(CultureInfo.InvariantCulture, $"0x{++_lastTag:X}"));

    private static StoredObject? Standing(ObjectName name, MemoryBlob blob) =>
        blob.Committed is { } content ? new StoredObject(name, content.Bytes.Length, content.ETag) : null;
}
