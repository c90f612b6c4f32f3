using OrleansClean.Execution.Streams;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// Tells when an input was read to its end: then the store has vouched for all of it, and nobody need look again. A body that is shorter or longer than
/// the content that was listed is not that content, whatever the store says.
/// </summary>
internal sealed class EndSeeing(Stream inner, string name, long bytes, Action onEnd) : ForwardOnlyStream
{
    private long _read;

    /// <summary>Says that an input is not what was listed.</summary>
    public static StorageException Changed(string name) =>
        new(StorageFault.Changed, $"{name} changed while it was read. Run the same command again when nobody writes to it.");

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        var isEnd = read == 0 && buffer.Length > 0;
        _read += read;
        if (_read > bytes || (isEnd && _read < bytes))
        {
            throw Changed(name);
        }

        if (isEnd)
        {
            onEnd();
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
