namespace OrleansClean.Storage.Faults;

/// <summary>
/// Puts faults between a caller and any store, and keeps the log of calls. A plan looks at each call and names its fault, or
/// null. The answers are those of an honest store on a bad medium: what a lost response leaves open is <i>unknown</i>, what
/// can be seen by looking is told, and reading fails with a transient <see cref="StorageException"/>.
/// </summary>
public sealed class StoreFaults(IObjectStore inner, Func<StoreCall, StoreFaultKind?> plan) : StoreDecorator(inner)
{
    private readonly Lock _lock = new();
    private readonly List<StoreCall> _calls = [];
    private readonly Queue<Func<ValueTask>> _late = new();
    private TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All calls so far, in their order.</summary>
    public IReadOnlyList<StoreCall> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>Lets the calls that hang go on.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _release.SetResult();
            _release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Carries out the writes that were held back, in their order, and returns how many.</summary>
    public async ValueTask<int> LandAsync()
    {
        for (var landed = 0; ; landed++)
        {
            Func<ValueTask>? write;
            lock (_lock)
            {
                if (!_late.TryDequeue(out write))
                {
                    return landed;
                }
            }

            await write();
        }
    }

    /// <inheritdoc />
    public override ValueTask<ObjectListing> ListAsync(ListScope scope, CancellationToken cancellationToken) =>
        ReadAsync(StoreOperation.List, null, () => Inner.ListAsync(scope, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken) =>
        ReadAsync(StoreOperation.Find, name, () => Inner.FindAsync(name, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) =>
        OpenAsync(name, () => Inner.OpenReadAsync(name, etag, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, ByteRange range, CancellationToken cancellationToken) =>
        OpenAsync(name, () => Inner.OpenReadAsync(name, etag, range, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override async ValueTask<IStaging> StageAsync(ObjectName name, StageId stage, CancellationToken cancellationToken) =>
        new FaultyStaging(this, await ReadAsync(StoreOperation.Stage, name, () => Inner.StageAsync(name, stage, cancellationToken), cancellationToken));

    /// <inheritdoc />
    public override ValueTask<CommitResult> CommitAsync(StagedReference staged, Precondition precondition, CommitId commit, CancellationToken cancellationToken) =>
        WriteAsync(
            StoreOperation.Commit,
            staged.Name,
            token => Inner.CommitAsync(staged, precondition, commit, token),
            async () => await Inner.FindAsync(staged.Name, cancellationToken) is var found && found?.ETag == precondition.Expected
                ? null
                : new CommitResult.Conflict(found, $"{Locate(staged.Name)} was written by someone else."),
            reason => new CommitResult.Unknown(reason),
            cancellationToken);

    /// <inheritdoc />
    public override ValueTask<StagedReference> JoinAsync(IReadOnlyList<StagedReference> pieces, StageId stage, CancellationToken cancellationToken) =>
        ReadAsync(StoreOperation.Join, pieces[0].Name, () => Inner.JoinAsync(pieces, stage, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override async ValueTask AbortAsync(StagedReference staged, CancellationToken cancellationToken) =>
        await ReadAsync(StoreOperation.Abort, staged.Name, () => Nothing(Inner.AbortAsync(staged, cancellationToken)), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<int> SweepStagedAsync(Func<StageId, bool> isFinished, CancellationToken cancellationToken) =>
        ReadAsync(StoreOperation.Sweep, null, () => Inner.SweepStagedAsync(isFinished, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<bool> DeleteAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) => WriteAsync(
        StoreOperation.Delete,
        name,
        token => Inner.DeleteAsync(name, etag, token),
        () => ValueTask.FromResult<object?>(null),
        reason => throw new StorageException(StorageFault.Other, reason),
        cancellationToken);

    /// <inheritdoc />
    public override ValueTask<StoredDocument?> ReadDocumentAsync(ObjectName name, CancellationToken cancellationToken) =>
        ReadAsync(StoreOperation.ReadDocument, name, () => Inner.ReadDocumentAsync(name, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override ValueTask<WriteResult> WriteDocumentAsync(ObjectName name, ReadOnlyMemory<byte> content, Precondition precondition, CancellationToken cancellationToken) =>
        WriteAsync(
            StoreOperation.WriteDocument,
            name,
            token => Inner.WriteDocumentAsync(name, content, precondition, token),
            async () => await Inner.FindAsync(name, cancellationToken) is var found && found?.ETag == precondition.Expected
                ? null
                : new WriteResult.Conflict(found),
            reason => new WriteResult.Unknown(reason),
            cancellationToken);

    /// <inheritdoc />
    public override ValueTask<AppendResult> AppendAsync(ObjectName name, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        WriteAsync(
            StoreOperation.Append,
            name,
            token => Inner.AppendAsync(name, position, bytes, token),
            async () => new AppendResult.Refused((await Inner.FindAsync(name, cancellationToken))?.Bytes ?? 0),
            reason => new AppendResult.Unknown(reason),
            cancellationToken);

    /// <inheritdoc />
    public override ValueTask<ReadOnlyMemory<byte>?> ReadLogAsync(ObjectName name, long position, CancellationToken cancellationToken) =>
        ReadAsync(StoreOperation.ReadLog, name, () => Inner.ReadLogAsync(name, position, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public override async ValueTask FlushAsync(CancellationToken cancellationToken) =>
        await ReadAsync(StoreOperation.Flush, null, () => Nothing(Inner.FlushAsync(cancellationToken)), cancellationToken);

    private static async ValueTask<bool> Nothing(ValueTask task)
    {
        await task;
        return true;
    }

    private StoreFaultKind? Begin(StoreOperation operation, ObjectName? name, out string reason)
    {
        StoreCall call;
        lock (_lock)
        {
            call = new StoreCall(_calls.Count + 1, operation, name);
            _calls.Add(call);
        }

        var fault = plan(call);
        reason = $"Injected: {fault} at call {call}.";
        return fault;
    }

    private async ValueTask<T> ReadAsync<T>(StoreOperation operation, ObjectName? name, Func<ValueTask<T>> call, CancellationToken cancellationToken)
    {
        switch (Begin(operation, name, out var reason))
        {
            case null:
                return await call();
            case StoreFaultKind.Hang:
                await HangAsync(cancellationToken);
                return await call();
            case StoreFaultKind.TooManyRequests or StoreFaultKind.Unavailable:
                throw new StorageException(StorageFault.Throttled, reason);
            case StoreFaultKind.After:
                await call();
                break;
        }

        throw new StorageException(StorageFault.Other, reason);
    }

    private async ValueTask<Stream> OpenAsync(ObjectName name, Func<ValueTask<Stream>> call, CancellationToken cancellationToken)
    {
        switch (Begin(StoreOperation.Read, name, out var reason))
        {
            case null:
                return await call();
            case StoreFaultKind.Hang:
                await HangAsync(cancellationToken);
                return await call();
            case StoreFaultKind.PreconditionFailed:
                throw new StorageException(StorageFault.Changed, reason);
            case StoreFaultKind.TooManyRequests or StoreFaultKind.Unavailable:
                throw new StorageException(StorageFault.Throttled, reason);
            case StoreFaultKind.After or StoreFaultKind.ShortBody:
                return new ShortStream(await call(), reason);
        }

        throw new StorageException(StorageFault.Other, reason);
    }

    private async ValueTask<T> WriteAsync<T>(
        StoreOperation operation,
        ObjectName name,
        Func<CancellationToken, ValueTask<T>> call,
        Func<ValueTask<object?>> look,
        Func<string, T> unknown,
        CancellationToken cancellationToken)
    {
        switch (Begin(operation, name, out var reason))
        {
            case null:
                return await call(cancellationToken);
            case StoreFaultKind.Hang:
                await HangAsync(cancellationToken);
                return await call(cancellationToken);
            case StoreFaultKind.Conflict or StoreFaultKind.PreconditionFailed:
                return await look() is T seen ? seen : unknown(reason);
            case StoreFaultKind.After or StoreFaultKind.ShortBody:
                await call(cancellationToken);
                break;
            case StoreFaultKind.Late:
                lock (_lock)
                {
                    // It is on its way already: whoever sent it cannot take it back.
                    _late.Enqueue(async () => await call(CancellationToken.None));
                }

                break;
        }

        return unknown(reason);
    }

    private async Task HangAsync(CancellationToken cancellationToken)
    {
        Task released;
        lock (_lock)
        {
            released = _release.Task;
        }

        await released.WaitAsync(cancellationToken);
    }

    private sealed class FaultyStaging(StoreFaults store, IStaging staging) : IStaging
    {
        public ObjectName Name => staging.Name;

        public Stream Content => staging.Content;

        public ValueTask<StagedReference> SealAsync(CancellationToken cancellationToken) =>
            store.ReadAsync(StoreOperation.Seal, Name, () => staging.SealAsync(cancellationToken), cancellationToken);

        public ValueTask DisposeAsync() => staging.DisposeAsync();
    }
}
