using OrleansClean.Storage;

namespace OrleansClean.Execution.Tests.Vocabulary;

/// <summary>The process that used the store was killed.</summary>
public sealed class KilledException : Exception;

/// <summary>
/// A store whose process is killed at the n-th write, before or after it took effect. From then on nothing happens
/// any more, clean-up included: what was staged stays, as it would.
/// </summary>
internal sealed class MortalStore(IObjectStore inner, int lastWrite, bool after) : StoreDecorator(inner)
{
    private int _writes;
    private bool _isDead;

    /// <summary>The name whose publication is the last thing that happens, or null.</summary>
    public string? LastCommit { get; init; }

    public override ValueTask<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken) =>
        Alive(() => Inner.FindAsync(name, cancellationToken));

    public override ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) =>
        Alive(() => Inner.OpenReadAsync(name, etag, cancellationToken));

    public override ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, ByteRange range, CancellationToken cancellationToken) =>
        Alive(() => Inner.OpenReadAsync(name, etag, range, cancellationToken));

    public override async ValueTask<IStaging> StageAsync(ObjectName name, StageId stage, CancellationToken cancellationToken) =>
        Mortal(await WriteAsync(() => Inner.StageAsync(name, stage, cancellationToken)));

    public override async ValueTask<IStaging?> ReopenAsync(
        ObjectName name, StageId stage, string handle, long bytes, Action<ReadOnlySpan<byte>> see, CancellationToken cancellationToken) =>
        await Alive(() => Inner.ReopenAsync(name, stage, handle, bytes, see, cancellationToken)) is { } staging ? Mortal(staging) : null;

    public override ValueTask<CommitResult> CommitAsync(StagedReference staged, Precondition precondition, CommitId commit, CancellationToken cancellationToken) =>
        WriteAsync(() => Inner.CommitAsync(staged, precondition, commit, cancellationToken), staged.Name);

    public override ValueTask AbortAsync(StagedReference staged, CancellationToken cancellationToken) =>
        _isDead ? ValueTask.CompletedTask : Inner.AbortAsync(staged, cancellationToken);

    public override ValueTask<int> SweepStagedAsync(Func<StageId, bool> isFinished, CancellationToken cancellationToken) =>
        WriteAsync(() => Inner.SweepStagedAsync(isFinished, cancellationToken));

    public override ValueTask<bool> DeleteAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) =>
        WriteAsync(() => Inner.DeleteAsync(name, etag, cancellationToken));

    public override ValueTask<StoredDocument?> ReadDocumentAsync(ObjectName name, CancellationToken cancellationToken) =>
        Alive(() => Inner.ReadDocumentAsync(name, cancellationToken));

    public override ValueTask<WriteResult> WriteDocumentAsync(ObjectName name, ReadOnlyMemory<byte> content, Precondition precondition, CancellationToken cancellationToken) =>
        WriteAsync(() => Inner.WriteDocumentAsync(name, content, precondition, cancellationToken));

    public override ValueTask<AppendResult> AppendAsync(ObjectName name, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        WriteAsync(() => Inner.AppendAsync(name, position, bytes, cancellationToken));

    public override ValueTask<ReadOnlyMemory<byte>?> ReadLogAsync(ObjectName name, long position, CancellationToken cancellationToken) =>
        Alive(() => Inner.ReadLogAsync(name, position, cancellationToken));

    private ValueTask<T> Alive<T>(Func<ValueTask<T>> read) => _isDead ? throw new KilledException() : read();

    private async ValueTask<T> WriteAsync<T>(Func<ValueTask<T>> write, ObjectName? committed = null)
    {
        if (_isDead)
        {
            throw new KilledException();
        }

        _isDead = Interlocked.Increment(ref _writes) == lastWrite || (committed is not null && committed.Value == LastCommit);
        if (_isDead && !after)
        {
            throw new KilledException();
        }

        var result = await write();
        return _isDead ? throw new KilledException() : result;
    }

    private MortalStaging Mortal(IStaging staging) => new(staging, () => _isDead, seal => WriteAsync(seal));
}
