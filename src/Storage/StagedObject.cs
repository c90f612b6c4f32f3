namespace OrleansClean.Storage;

/// <summary>A write that one process begins and ends. Disposed without a commit it leaves nothing behind.</summary>
public interface IStagedObject : IAsyncDisposable
{
    /// <summary>The name that it will have.</summary>
    ObjectName Name { get; }

    /// <summary>Takes the content; not to be disposed by the caller. May not be used after <see cref="SealAsync"/>.</summary>
    Stream Content { get; }

    /// <summary>Ends the content and returns the tag that the object will have, or the default where the store gives it with the commit.</summary>
    ValueTask<ETag> SealAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes the sealed content visible under its name, all at once. Throws <see cref="StorageFault.Conflict"/> if the
    /// precondition does not hold; then nothing happened.
    /// </summary>
    ValueTask CommitAsync(Precondition precondition, CancellationToken cancellationToken);
}

/// <summary>Writing whole objects without a coordinator.</summary>
public static class StagedObjects
{
    /// <summary>Begins a write that this process will commit itself.</summary>
    public static async ValueTask<IStagedObject> StageAsync(this IObjectStore store, ObjectName name, CancellationToken cancellationToken) =>
        new StagedObject(store, await store.StageAsync(name, StageOfThisProcess, cancellationToken));

    /// <summary>No batch has this id; a sweep of the root's owner takes what dead processes left under it.</summary>
    private static StageId StageOfThisProcess { get; } = new(0, (uint)Environment.ProcessId, 0);

    private sealed class StagedObject(IObjectStore store, IStaging staging) : IStagedObject
    {
        private const int SendingsMax = 3;

        private StagedReference? _sealed;
        private bool _isCommitted;

        public ObjectName Name => staging.Name;

        public Stream Content => staging.Content;

        public async ValueTask<ETag> SealAsync(CancellationToken cancellationToken)
        {
            _sealed = await staging.SealAsync(cancellationToken);
            return _sealed.ETag ?? default;
        }

        public async ValueTask CommitAsync(Precondition precondition, CancellationToken cancellationToken)
        {
            var staged = _sealed ?? throw new InvalidOperationException("What is not sealed cannot be committed.");
            var commit = new CommitId(Guid.NewGuid().ToString("n"));
            var result = await store.CommitAsync(staged, precondition, commit, cancellationToken);
            for (var sent = 1; result is CommitResult.Unknown && sent < SendingsMax; sent++)
            {
                result = await store.CommitAsync(staged, precondition, commit, cancellationToken);
            }

            _isCommitted = result switch
            {
                CommitResult.Published => true,
                CommitResult.Conflict conflict => throw new StorageException(StorageFault.Conflict, conflict.Reason),
                CommitResult.StageLost lost => throw new StorageException(StorageFault.Other, lost.Reason),
                CommitResult.Unknown unknown => throw new StorageException(StorageFault.Other, unknown.Reason),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }

        public async ValueTask DisposeAsync()
        {
            await staging.DisposeAsync();
            if (_sealed is not null && !_isCommitted)
            {
                await store.AbortAsync(_sealed, CancellationToken.None);
            }
        }
    }
}
