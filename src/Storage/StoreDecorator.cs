namespace OrleansClean.Storage;

/// <summary>Passes every call on to another store. Override what is to be different.</summary>
public abstract class StoreDecorator(IObjectStore inner) : IObjectStore
{
    /// <summary>The store that does the work.</summary>
    protected IObjectStore Inner => inner;

    /// <inheritdoc />
    public virtual long Operations => inner.Operations;

    /// <inheritdoc />
    public virtual StoreLimits Limits => inner.Limits;

    /// <inheritdoc />
    public virtual string Locate(ObjectName name) => inner.Locate(name);

    /// <inheritdoc />
    public virtual ValueTask<ObjectListing> ListAsync(ListScope scope, CancellationToken cancellationToken) => inner.ListAsync(scope, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken) => inner.FindAsync(name, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) =>
        inner.OpenReadAsync(name, etag, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, ByteRange range, CancellationToken cancellationToken) =>
        inner.OpenReadAsync(name, etag, range, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<IStaging> StageAsync(ObjectName name, StageId stage, CancellationToken cancellationToken) =>
        inner.StageAsync(name, stage, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<IStaging?> ReopenAsync(
        ObjectName name, StageId stage, string handle, long bytes, Action<ReadOnlySpan<byte>> see, CancellationToken cancellationToken) =>
        inner.ReopenAsync(name, stage, handle, bytes, see, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<CommitResult> CommitAsync(StagedReference staged, Precondition precondition, CommitId commit, CancellationToken cancellationToken) =>
        inner.CommitAsync(staged, precondition, commit, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<StagedReference> JoinAsync(IReadOnlyList<StagedReference> pieces, StageId stage, CancellationToken cancellationToken) =>
        inner.JoinAsync(pieces, stage, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask AbortAsync(StagedReference staged, CancellationToken cancellationToken) => inner.AbortAsync(staged, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<int> SweepStagedAsync(Func<StageId, bool> isFinished, CancellationToken cancellationToken) =>
        inner.SweepStagedAsync(isFinished, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<bool> DeleteAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) =>
        inner.DeleteAsync(name, etag, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<StoredDocument?> ReadDocumentAsync(ObjectName name, CancellationToken cancellationToken) =>
        inner.ReadDocumentAsync(name, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<WriteResult> WriteDocumentAsync(ObjectName name, ReadOnlyMemory<byte> content, Precondition precondition, CancellationToken cancellationToken) =>
        inner.WriteDocumentAsync(name, content, precondition, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<AppendResult> AppendAsync(ObjectName name, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        inner.AppendAsync(name, position, bytes, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask<ReadOnlyMemory<byte>?> ReadLogAsync(ObjectName name, long position, CancellationToken cancellationToken) =>
        inner.ReadLogAsync(name, position, cancellationToken);

    /// <inheritdoc />
    public virtual ValueTask FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
}
