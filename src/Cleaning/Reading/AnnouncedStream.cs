namespace OrleansClean.Cleaning.Reading;

/// <summary>Says when it is about to read.</summary>
internal sealed class AnnouncedStream(Stream source, Action beforeRead) : ForwardStream(source)
{
    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        beforeRead();
        return Source.Read(buffer);
    }
}
