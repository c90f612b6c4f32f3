using OrleansClean.Storage;

namespace OrleansClean.Survival.Tests.Scale;

/// <summary>Counts the bytes that are read from logs.</summary>
internal sealed class ReadCountingStore(IObjectStore store) : StoreDecorator(store)
{
    private long _logBytes;

    public long LogBytes => Interlocked.Read(ref _logBytes);

    public override async ValueTask<ReadOnlyMemory<byte>?> ReadLogAsync(ObjectName name, long position, CancellationToken cancellationToken)
    {
        var read = await Inner.ReadLogAsync(name, position, cancellationToken);
        Interlocked.Add(ref _logBytes, read?.Length ?? 0);
        return read;
    }
}
