namespace OrleansClean.Storage.Faults;

/// <summary>
/// Counts the calls to all stores that it wraps, and ends the process at one of them: before it is carried out, or after, when its caller was not
/// told yet. What <paramref name="end"/> does must not return.
/// </summary>
/// <param name="number">The call, from 1; 0 for none.</param>
/// <param name="isAfter">True to carry it out first.</param>
/// <param name="end">Ends the process.</param>
public sealed class CrashPoint(int number, bool isAfter, Action<StoreCall> end)
{
    private int _calls;

    /// <summary>Calls so far.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>The store with every call counted.</summary>
    public IObjectStore Wrap(IObjectStore store) => new Counted(this, store);

    private async ValueTask<T> PassAsync<T>(StoreOperation operation, ObjectName? name, Func<ValueTask<T>> call)
    {
        var counted = new StoreCall(Interlocked.Increment(ref _calls), operation, name);
        if (counted.Number == number && !isAfter)
        {
            end(counted);
        }

        var result = await call();
        if (counted.Number == number && isAfter)
        {
            end(counted);
        }

        return result;
    }

    private async ValueTask PassAsync(StoreOperation operation, ObjectName? name, Func<ValueTask> call) =>
        await PassAsync(operation, name, async () =>
        {
            await call();
            return true;
        });

    private sealed class Counted(CrashPoint point, IObjectStore store) : StoreDecorator(store)
    {
        public override ValueTask<ObjectListing> ListAsync(ListScope scope, CancellationToken cancellationToken) =>
            point.PassAsync(StoreOperation.List, null, () => Inner.ListAsync(scope, cancellationToken));

        public override ValueTask<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken) =>
            point.PassAsync(StoreOperation.Find, name, () => Inner.FindAsync(name, cancellationToken));

        public override ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) =>
            point.PassAsync(StoreOperation.Read, name, () => Inner.OpenReadAsync(name, etag, cancellationToken));

        public override ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, ByteRange range, CancellationToken cancellationToken) =>
            point.PassAsync(StoreOperation.Read, name, () => Inner.OpenReadAsync(name, etag, range, cancellationToken));

        public override async ValueTask<IStaging> StageAsync(ObjectName name, StageId stage, CancellationToken cancellationToken) =>
            new CountedStaging(point, await point.PassAsync(StoreOperation.Stage, name, () => Inner.StageAsync(name, stage, cancellationToken)));

        public override ValueTask<CommitResult> CommitAsync(StagedReference staged, Precondition precondition, CommitId commit, CancellationToken cancellationToken) =>
            point.PassAsync(StoreOperation.Commit, staged.Name, () => Inner.CommitAsync(staged, precondition, commit, cancellationToken));

        public override ValueTask AbortAsync(StagedReference staged, CancellationToken cancellationToken) =>
            point.PassAsync(StoreOperation.Abort, staged.Name, () => Inner.AbortAsync(staged, cancellationToken));

        public override ValueTask<int> SweepStagedAsync(Func<StageId, bool> isFinished, CancellationToken cancellationToken) =>
            point.PassAsync(StoreOperation.Sweep, null, () => Inner.SweepStagedAsync(isFinished, cancellationToken));

        public override ValueTask<bool> DeleteAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) =>
            point.PassAsync(StoreOperation.Delete, name, () => Inner.DeleteAsync(name, etag, cancellationToken));

        public override ValueTask<StoredDocument?> ReadDocumentAsync(ObjectName name, CancellationToken cancellationToken) =>
            point.PassAsync(StoreOperation.ReadDocument, name, () => Inner.ReadDocumentAsync(name, cancellationToken));

        public override ValueTask<WriteResult> WriteDocumentAsync(ObjectName name, ReadOnlyMemory<byte> content, Precondition precondition, CancellationToken cancellationToken) =>
            point.PassAsync(StoreOperation.WriteDocument, name, () => Inner.WriteDocumentAsync(name, content, precondition, cancellationToken));

        public override ValueTask<AppendResult> AppendAsync(ObjectName name, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            point.PassAsync(StoreOperation.Append, name, () => Inner.AppendAsync(name, position, bytes, cancellationToken));

        public override ValueTask<ReadOnlyMemory<byte>?> ReadLogAsync(ObjectName name, long position, CancellationToken cancellationToken) =>
            point.PassAsync(StoreOperation.ReadLog, name, () => Inner.ReadLogAsync(name, position, cancellationToken));

        public override ValueTask FlushAsync(CancellationToken cancellationToken) =>
            point.PassAsync(StoreOperation.Flush, null, () => Inner.FlushAsync(cancellationToken));
    }

    private sealed class CountedStaging(CrashPoint point, IStaging staging) : IStaging
    {
        public ObjectName Name => staging.Name;

        public Stream Content => staging.Content;

        public ValueTask<StagedReference> SealAsync(CancellationToken cancellationToken) =>
            point.PassAsync(StoreOperation.Seal, Name, () => staging.SealAsync(cancellationToken));

        public ValueTask DisposeAsync() => staging.DisposeAsync();
    }
}
