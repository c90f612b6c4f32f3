using OrleansClean.Storage.Blobs;

namespace OrleansClean.Storage.Memory;

/// <summary>Content on its way into blocks.</summary>
internal sealed class MemoryStaging : IStaging, IBlockSink
{
    private readonly MemoryStore _store;
    private readonly BlockStream _content;
    private BlockIds _ids;

    public MemoryStaging(MemoryStore store, ObjectName name, BlockIds ids, BlockSizes sizes)
    {
        _store = store;
        _ids = ids;
        _content = new BlockStream(this, sizes, name);
        Name = name;
    }

    public ObjectName Name { get; }

    public Stream Content => _content;

    public void Put(int index, byte[] block, int length)
    {
        if (index == 0 && _store.WaitingIdLength(Name) is { } other and > BlockIds.BytesUsed)
        {
            _ids = _ids.WithLength(other);
        }

        _store.PutBlock(Name, _ids[index], block.AsSpan(0, length));
    }

    public ValueTask PutAsync(int index, byte[] block, int length, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Put(index, block, length);
        return ValueTask.CompletedTask;
    }

    public async ValueTask<StagedReference> SealAsync(CancellationToken cancellationToken)
    {
        await _content.EndAsync(cancellationToken);
        return new StagedReference(Name, _ids.Stage, _content.BytesWritten, _ids.Describe(_content.Count), null);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
