using OrleansClean.Storage;

namespace OrleansClean.Survival.Tests.PowerLoss;

/// <summary>
/// A store over a disk whose power goes after a call. Its flushes are the disk's. One call at a time, so that what a flush covers is what was
/// acknowledged before it. Afterwards nothing happens any more, clean-up included.
/// </summary>
internal sealed class PoweredStore(IObjectStore inner, Disk disk, Power power) : StoreDecorator(inner)
{
    public override ValueTask<ObjectListing> ListAsync(ListScope scope, CancellationToken cancellationToken) =>
        power.PassAsync(() => Inner.ListAsync(scope, cancellationToken));

    public override ValueTask<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken) =>
        power.PassAsync(() => Inner.FindAsync(name, cancellationToken));

    public override ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) =>
        power.PassAsync(() => Inner.OpenReadAsync(name, etag, cancellationToken));

    public override ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, ByteRange range, CancellationToken cancellationToken) =>
        power.PassAsync(() => Inner.OpenReadAsync(name, etag, range, cancellationToken));

    public override async ValueTask<IStaging> StageAsync(ObjectName name, StageId stage, CancellationToken cancellationToken) =>
        new PoweredStaging(power, await power.PassAsync(() => Inner.StageAsync(name, stage, cancellationToken)));

    public override ValueTask<CommitResult> CommitAsync(StagedReference staged, Precondition precondition, CommitId commit, CancellationToken cancellationToken) =>
        power.PassAsync(() => Inner.CommitAsync(staged, precondition, commit, cancellationToken));

    public override async ValueTask AbortAsync(StagedReference staged, CancellationToken cancellationToken) =>
        await power.PassAsync(async () =>
        {
            await Inner.AbortAsync(staged, cancellationToken);
            return true;
        });

    public override ValueTask<int> SweepStagedAsync(Func<StageId, bool> isFinished, CancellationToken cancellationToken) =>
        power.PassAsync(() => Inner.SweepStagedAsync(isFinished, cancellationToken));

    public override ValueTask<bool> DeleteAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) =>
        power.PassAsync(() => Inner.DeleteAsync(name, etag, cancellationToken));

    public override ValueTask<StoredDocument?> ReadDocumentAsync(ObjectName name, CancellationToken cancellationToken) =>
        power.PassAsync(() => Inner.ReadDocumentAsync(name, cancellationToken));

    public override ValueTask<WriteResult> WriteDocumentAsync(ObjectName name, ReadOnlyMemory<byte> content, Precondition precondition, CancellationToken cancellationToken) =>
        power.PassAsync(() => Inner.WriteDocumentAsync(name, content, precondition, cancellationToken));

    public override ValueTask<AppendResult> AppendAsync(ObjectName name, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        power.PassAsync(() => Inner.AppendAsync(name, position, bytes, cancellationToken));

    public override ValueTask<ReadOnlyMemory<byte>?> ReadLogAsync(ObjectName name, long position, CancellationToken cancellationToken) =>
        power.PassAsync(() => Inner.ReadLogAsync(name, position, cancellationToken));

    public override async ValueTask FlushAsync(CancellationToken cancellationToken) =>
        await power.PassAsync(() =>
        {
            disk.Flush();
            return ValueTask.FromResult(true);
        });

    private sealed class PoweredStaging(Power power, IStaging staging) : IStaging
    {
        public ObjectName Name => staging.Name;

        public Stream Content => staging.Content;

        public ValueTask<StagedReference> SealAsync(CancellationToken cancellationToken) => power.PassAsync(() => staging.SealAsync(cancellationToken));

        public ValueTask DisposeAsync() => power.IsOff ? ValueTask.CompletedTask : staging.DisposeAsync();
    }
}

/// <summary>The power of a machine, which goes after a number of calls.</summary>
internal sealed class Power(int lastCall) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private int _calls;

    public bool IsOff { get; private set; }

    public int Calls => Volatile.Read(ref _calls);

    public void Dispose() => _one.Dispose();

    public async ValueTask<T> PassAsync<T>(Func<ValueTask<T>> call)
    {
        await _one.WaitAsync();
        try
        {
            if (IsOff)
            {
                throw Gone();
            }

            var result = await call();
            if (++_calls == lastCall)
            {
                IsOff = true;
                throw Gone();
            }

            return result;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Not transient: who is without power does not try again.</summary>
    private static StorageException Gone() => new(StorageFault.Denied, "The power is gone.");
}
