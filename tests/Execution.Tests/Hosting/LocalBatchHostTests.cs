using OrleansClean.Execution.Hosting;
using OrleansClean.Storage;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Tests.Hosting;

/// <summary>The host in one process, on folders.</summary>
#pragma warning disable CA1001 // The host ends with the test, by StopAsync.
public sealed class LocalBatchHostTests : BatchHostContract
#pragma warning restore CA1001
{
    private LocalBatchHost? _host;
    private Switch _power = new();

    protected override IBatchHost Host => _host!;

    protected override Task StartAsync()
    {
        _power = new Switch();
        var power = _power;
        _host = new LocalBatchHost(new LocalHostOptions
        {
            Stores = new LocalStores(name => new MortalFolder(new FolderStore(name), power)),
            OutputRoot = OutputRoot,
            Workers = 2,
        });
        return Task.CompletedTask;
    }

    protected override async Task KillAsync()
    {
        _power.IsOff = true;
        await StopAsync();
        await StartAsync();
    }

    protected override async Task StopAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    private sealed class Switch
    {
        public volatile bool IsOff;
    }

    /// <summary>A folder that can be reached as long as the process lives. Nothing happens afterwards, clean-up included.</summary>
    private sealed class MortalFolder(FolderStore folder, Switch power) : StoreDecorator(folder)
    {
        public override ValueTask<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken) => Alive().FindAsync(name, cancellationToken);

        public override ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) =>
            Alive().OpenReadAsync(name, etag, cancellationToken);

        public override ValueTask<IStaging> StageAsync(ObjectName name, StageId stage, CancellationToken cancellationToken) =>
            Alive().StageAsync(name, stage, cancellationToken);

        public override ValueTask<CommitResult> CommitAsync(StagedReference staged, Precondition precondition, CommitId commit, CancellationToken cancellationToken) =>
            Alive().CommitAsync(staged, precondition, commit, cancellationToken);

        public override ValueTask AbortAsync(StagedReference staged, CancellationToken cancellationToken) =>
            power.IsOff ? ValueTask.CompletedTask : Inner.AbortAsync(staged, cancellationToken);

        public override ValueTask<int> SweepStagedAsync(Func<StageId, bool> isFinished, CancellationToken cancellationToken) =>
            Alive().SweepStagedAsync(isFinished, cancellationToken);

        public override ValueTask<bool> DeleteAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) => Alive().DeleteAsync(name, etag, cancellationToken);

        public override ValueTask<WriteResult> WriteDocumentAsync(ObjectName name, ReadOnlyMemory<byte> content, Precondition precondition, CancellationToken cancellationToken) =>
            Alive().WriteDocumentAsync(name, content, precondition, cancellationToken);

        public override ValueTask<AppendResult> AppendAsync(ObjectName name, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            Alive().AppendAsync(name, position, bytes, cancellationToken);

        public override ValueTask<ReadOnlyMemory<byte>?> ReadLogAsync(ObjectName name, long position, CancellationToken cancellationToken) =>
            Alive().ReadLogAsync(name, position, cancellationToken);

        private IObjectStore Alive() => power.IsOff ? throw new StorageException(StorageFault.Denied, "The process is dead.") : Inner;
    }
}
