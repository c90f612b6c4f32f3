using OrleansClean.Storage;

namespace OrleansClean.Execution.Tests.Coordination.Stepped;

/// <summary>
/// The store as one process sees it: every call waits for its turn. Between the asking and the doing everything may happen, and a call
/// whose turn never comes hangs for ever.
/// </summary>
internal sealed class SteppedStore(IObjectStore inner) : StoreDecorator(inner)
{
    private readonly List<TaskCompletionSource> _waiting = [];

    /// <summary>Calls that wait.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Lets a call go on.</summary>
    public void LetGo(int index)
    {
        var turn = _waiting[index];
        _waiting.RemoveAt(index);
        turn.SetResult();
    }

    public override async ValueTask<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken)
    {
        await TurnAsync();
        return await base.FindAsync(name, cancellationToken);
    }

    public override async ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, CancellationToken cancellationToken)
    {
        await TurnAsync();
        return await base.OpenReadAsync(name, etag, cancellationToken);
    }

    public override async ValueTask<CommitResult> CommitAsync(StagedReference staged, Precondition precondition, CommitId commit, CancellationToken cancellationToken)
    {
        await TurnAsync();
        return await base.CommitAsync(staged, precondition, commit, cancellationToken);
    }

    public override async ValueTask<int> SweepStagedAsync(Func<StageId, bool> isFinished, CancellationToken cancellationToken)
    {
        await TurnAsync();
        return await base.SweepStagedAsync(isFinished, cancellationToken);
    }

    public override async ValueTask<StoredDocument?> ReadDocumentAsync(ObjectName name, CancellationToken cancellationToken)
    {
        await TurnAsync();
        return await base.ReadDocumentAsync(name, cancellationToken);
    }

    public override async ValueTask<WriteResult> WriteDocumentAsync(
        ObjectName name, ReadOnlyMemory<byte> content, Precondition precondition, CancellationToken cancellationToken)
    {
        await TurnAsync();
        return await base.WriteDocumentAsync(name, content, precondition, cancellationToken);
    }

    public override async ValueTask<AppendResult> AppendAsync(
        ObjectName name, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await TurnAsync();
        return await base.AppendAsync(name, position, bytes, cancellationToken);
    }

    public override async ValueTask<ReadOnlyMemory<byte>?> ReadLogAsync(ObjectName name, long position, CancellationToken cancellationToken)
    {
        await TurnAsync();
        return await base.ReadLogAsync(name, position, cancellationToken);
    }

    private Task TurnAsync()
    {
        var turn = new TaskCompletionSource();
        _waiting.Add(turn);
        return turn.Task;
    }
}
