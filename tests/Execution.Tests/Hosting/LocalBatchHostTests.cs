using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Tests.Vocabulary;
using OrleansClean.Storage;
using OrleansClean.Storage.Faults;
using OrleansClean.Storage.Folders;
using OrleansClean.Storage.Memory;

namespace OrleansClean.Execution.Tests.Hosting;

/// <summary>The host in one process, on folders.</summary>
#pragma warning disable CA1001 // The host ends with the test, by StopAsync.
public class LocalBatchHostTests : BatchHostContract
#pragma warning restore CA1001
{
    private readonly HashSet<string> _blocked = new(StringComparer.Ordinal);
    private LocalBatchHost? _host;
    private Switch _power = new();

    protected override IBatchHost Host => _host!;

    protected override Task StartAsync()
    {
        _power = new Switch();
        var power = _power;
        _host = new LocalBatchHost(new LocalHostOptions
        {
            Stores = new LocalStores(name => new MortalStore(Open(name), power, _blocked)),
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

    /// <summary>A store, before it can die.</summary>
    protected virtual IObjectStore Open(string name) => new FolderStore(name);

    /// <summary>Names that must not be staged; where a folder cannot stand in the way.</summary>
    protected ISet<string> Blocked => _blocked;

    private sealed class Switch
    {
        public volatile bool IsOff;
    }

    /// <summary>A store that can be reached as long as the process lives. Nothing happens afterwards, clean-up included.</summary>
    private sealed class MortalStore(IObjectStore store, Switch power, HashSet<string> blocked) : StoreDecorator(store)
    {
        public override ValueTask<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken) => Alive().FindAsync(name, cancellationToken);

        public override ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) =>
            Alive().OpenReadAsync(name, etag, cancellationToken);

        public override ValueTask<ObjectListing> ListAsync(ListScope scope, CancellationToken cancellationToken) => Alive().ListAsync(scope, cancellationToken);

        public override ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, ByteRange range, CancellationToken cancellationToken) =>
            Alive().OpenReadAsync(name, etag, range, cancellationToken);

        public override async ValueTask<IStaging> StageAsync(ObjectName name, StageId stage, CancellationToken cancellationToken) =>
            blocked.Contains(name.Value)
                ? throw new StorageException(StorageFault.Denied, $"{name} may not be written.")
                : Mortal(await Alive().StageAsync(name, stage, cancellationToken));

        public override async ValueTask<IStaging?> ReopenAsync(
            ObjectName name, StageId stage, string handle, long bytes, Action<ReadOnlySpan<byte>> see, CancellationToken cancellationToken) =>
            await Alive().ReopenAsync(name, stage, handle, bytes, see, cancellationToken) is { } staging ? Mortal(staging) : null;

        public override ValueTask<StoredDocument?> ReadDocumentAsync(ObjectName name, CancellationToken cancellationToken) =>
            Alive().ReadDocumentAsync(name, cancellationToken);

        public override ValueTask FlushAsync(CancellationToken cancellationToken) => Alive().FlushAsync(cancellationToken);

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

        private MortalStaging Mortal(IStaging staging) => new(staging, () => power.IsOff, seal =>
        {
            Alive();
            return seal();
        });

        private IObjectStore Alive() => power.IsOff ? throw new StorageException(StorageFault.Denied, "The process is dead.") : Inner;
    }
}

/// <summary>The host in one process, on a store that is as strict as blobs are documented to be.</summary>
public sealed class LocalBatchHostOnBlobsTests : LocalBatchHostTests
{
    private readonly MemoryStore _inputs = new(TimeProvider.System);
    private readonly List<StoreFaults> _logs = [];
    private MemoryStore _outputs = new(TimeProvider.System);

    protected override string InputRoot => "memory://in";

    protected override string OutputRoot => "memory://out";

    protected override IObjectStore Inputs => _inputs;

    protected override IObjectStore Outputs => _outputs;

    protected override IObjectStore Open(string name)
    {
        var log = new StoreFaults(name == InputRoot ? _inputs : _outputs, _ => null);
        _logs.Add(log);
        return log;
    }

    protected override Task ClearAsync()
    {
        _outputs = new MemoryStore(TimeProvider.System);
        return Task.CompletedTask;
    }

    protected override void Block(string output) => Blocked.Add(output);

    protected override void Unblock(string output) => Blocked.Remove(output);

    protected override IReadOnlyList<string> Staged() => [];

    [Theory]
    [InlineData("good", "id,value\n1,1\n", 3)]
    [InlineData("bad", "id,value\n1,1\n2,x\n", 7)]
    public async Task A_small_file_costs_few_calls_besides_those_of_its_batch(string name, string text, int callsMax)
    {
        Write($"in/{name}.csv", text);

        await SubmitAsync(Submission("one"));
        await EndOfAsync("one");

        // Staging begins here and is sent when it is sealed. Before the batch begins its plan is held against the header of one file: that costs a batch a call.
        var calls = _logs.SelectMany(log => log.Calls)
            .Where(call => call.Operation is not StoreOperation.Stage && call.Name?.Value.Contains(name, StringComparison.Ordinal) == true)
            .ToList();
        Assert.True(calls.Count <= callsMax + 1, string.Join('\n', calls));
    }
}
