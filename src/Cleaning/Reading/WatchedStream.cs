namespace OrleansClean.Cleaning.Reading;

/// <summary>
/// A stream that is left when its reader is asked to stop. The engine looks at the token between records, and one record may be as long as the
/// file: here it is looked at for every buffer.
/// </summary>
internal sealed class WatchedStream(Stream source, CancellationToken cancellationToken) : ForwardStream(source)
{
    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Source.Read(buffer);
    }
}
