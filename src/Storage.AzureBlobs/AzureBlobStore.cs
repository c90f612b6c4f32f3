using OrleansClean.Storage.Blobs;

namespace OrleansClean.Storage.AzureBlobs;

/// <summary>
/// Objects as blobs of a container, below a prefix. Staged content is blocks that nobody sees; a commit is one list of them under a
/// condition, with the commit's id in the blob's metadata. The client's own retries are off for commits, documents, appends and
/// deletions, because a request that is sent twice is answered as if someone else had been first.
/// <para>
/// Blocks of an attempt that was given away cannot be removed by themselves. They are invisible, no commit of another attempt names
/// them, the next commit under their name drops them, and a week after the last one they expire.
/// </para>
/// </summary>
public sealed class AzureBlobStore : IObjectStore
{
    private readonly BlobRoot _root;
    private readonly BlobReads _reads;
    private readonly BlobWrites _writes;
    private readonly BlobLogs _logs;
    private readonly BlockSizes _sizes;
    private readonly int _readBytes;

    /// <summary>The store in a container, below a prefix without slash at its end; empty for the whole container.</summary>
    public AzureBlobStore(BlobConnection connection, string container, string prefix, AzureBlobOptions options)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentNullException.ThrowIfNull(options);
        _root = new BlobRoot(connection, container, prefix, options);
        _sizes = new BlockSizes(options.BlockBytes);
        _readBytes = options.ReadBytes;
        Limits = StoreLimits.Default with { ObjectBytesMax = _sizes.TotalMax, IsRemote = true };
        _reads = new BlobReads(_root, Limits, options.ListPageSize);
        _writes = new BlobWrites(_root);
        _logs = new BlobLogs(_root, _reads, Limits);
    }

    /// <inheritdoc />
    public long Operations => _root.Operations;

    /// <inheritdoc />
    public StoreLimits Limits { get; }

    /// <inheritdoc />
    public string Locate(ObjectName name) => _root.Locate(name);

    /// <summary>Creates the container if it is not there.</summary>
    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            _root.CountOperation();
            await _root.Reads.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }
        catch (Exception e) when (BlobErrors.Knows(e, cancellationToken))
        {
            throw BlobErrors.Of(e, _root.Reads.Uri.GetLeftPart(UriPartial.Path), "created");
        }
    }

    /// <inheritdoc />
    public ValueTask<ObjectListing> ListAsync(ListScope scope, CancellationToken cancellationToken) => _reads.ListAsync(scope, cancellationToken);

    /// <inheritdoc />
    public ValueTask<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken) => _reads.FindAsync(name, cancellationToken);

    /// <inheritdoc />
    public ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) =>
        OpenReadAsync(name, etag, new ByteRange(0, long.MaxValue), cancellationToken);

    /// <inheritdoc />
    public async ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, ByteRange range, CancellationToken cancellationToken)
    {
        var content = new PinnedBlobStream(_root, name, etag, range, _readBytes);
        await content.FillAsync(cancellationToken);
        return content;
    }

    /// <inheritdoc />
    public ValueTask<IStaging> StageAsync(ObjectName name, StageId stage, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IStaging>(new BlobStaging(_root, name, stage, _sizes));
    }

    /// <inheritdoc />
    public ValueTask<CommitResult> CommitAsync(StagedReference staged, Precondition precondition, CommitId commit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _writes.CommitAsync(staged, precondition, commit);
    }

    /// <inheritdoc />
    public ValueTask<StagedReference> JoinAsync(IReadOnlyList<StagedReference> pieces, StageId stage, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(BlockIds.Join(pieces, stage));
    }

    /// <inheritdoc />
    public ValueTask AbortAsync(StagedReference staged, CancellationToken cancellationToken)
    {
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
    public ValueTask<bool> DeleteAsync(ObjectName name, ETag etag, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _writes.DeleteAsync(name, etag);
    }

    /// <inheritdoc />
    public ValueTask<StoredDocument?> ReadDocumentAsync(ObjectName name, CancellationToken cancellationToken) =>
        _reads.ReadDocumentAsync(name, cancellationToken);

    /// <inheritdoc />
    public ValueTask<WriteResult> WriteDocumentAsync(ObjectName name, ReadOnlyMemory<byte> content, Precondition precondition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Limits.CheckDocument(name, content.Length);
        return _writes.WriteDocumentAsync(name, content, precondition, _reads);
    }

    /// <inheritdoc />
    public ValueTask<AppendResult> AppendAsync(ObjectName name, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Limits.CheckAppend(name, bytes.Span);
        return _logs.AppendAsync(name, position, bytes);
    }

    /// <inheritdoc />
    public ValueTask<ReadOnlyMemory<byte>?> ReadLogAsync(ObjectName name, long position, CancellationToken cancellationToken) =>
        _logs.ReadAsync(name, position, cancellationToken);

    /// <inheritdoc />
    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        // What the service acknowledged, it keeps.
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.CompletedTask;
    }
}
