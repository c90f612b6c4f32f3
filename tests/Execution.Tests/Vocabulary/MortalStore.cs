using OrleansClean.Storage;

namespace OrleansClean.Execution.Tests.Vocabulary;

/// <summary>The process that used the store was killed.</summary>
public sealed class KilledException : Exception;

/// <summary>
/// A store whose process is killed at the n-th write, before or after it took effect. From then on nothing happens
/// any more, clean-up included: what was staged stays, as it would.
/// </summary>
internal sealed class MortalStore(IObjectStore inner, int lastWrite, bool after) : IObjectStore
{
    private int _writes;
    private bool _isDead;

    public long Operations => inner.Operations;

    public ValueTask<ObjectListing> ListAsync(ListScope scope, CancellationToken cancellationToken) => inner.ListAsync(scope, cancellationToken);

    public ValueTask<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken) => Alive(() => inner.FindAsync(name, cancellationToken));

    public ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) =>
        Alive(() => inner.OpenReadAsync(name, etag, cancellationToken));

    public async ValueTask<IStagedObject> StageAsync(ObjectName name, CancellationToken cancellationToken) =>
        new MortalObject(this, await WriteAsync(() => inner.StageAsync(name, cancellationToken)));

    public ValueTask<bool> DeleteAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.DeleteAsync(name, etag, cancellationToken));

    public async ValueTask<IAppendLog> OpenLogAsync(ObjectName name, CancellationToken cancellationToken) =>
        new MortalLog(this, await WriteAsync(() => inner.OpenLogAsync(name, cancellationToken)));

    private ValueTask<T> Alive<T>(Func<ValueTask<T>> read) => _isDead ? throw new KilledException() : read();

    private async ValueTask<T> WriteAsync<T>(Func<ValueTask<T>> write)
    {
        if (_isDead)
        {
            throw new KilledException();
        }

        _isDead = Interlocked.Increment(ref _writes) == lastWrite;
        if (_isDead && !after)
        {
            throw new KilledException();
        }

        var result = await write();
        return _isDead ? throw new KilledException() : result;
    }

    private sealed class MortalObject(MortalStore store, IStagedObject staged) : IStagedObject
    {
        public ObjectName Name => staged.Name;

        public Stream Content => staged.Content;

        public ValueTask<ETag> SealAsync(CancellationToken cancellationToken) => store.WriteAsync(() => staged.SealAsync(cancellationToken));

        public async ValueTask CommitAsync(Precondition precondition, CancellationToken cancellationToken) => await store.WriteAsync(async () =>
        {
            await staged.CommitAsync(precondition, cancellationToken);
            return true;
        });

        public ValueTask DisposeAsync() => store._isDead ? ValueTask.CompletedTask : staged.DisposeAsync();
    }

    private sealed class MortalLog(MortalStore store, IAppendLog log) : IAppendLog
    {
        public long Length => log.Length;

        public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => await store.WriteAsync(async () =>
        {
            await log.AppendAsync(bytes, cancellationToken);
            return true;
        });

        public ValueTask DisposeAsync() => log.DisposeAsync();
    }
}
