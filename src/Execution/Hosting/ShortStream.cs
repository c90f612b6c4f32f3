using OrleansClean.Execution.Streams;

namespace OrleansClean.Execution.Hosting;

/// <summary>Takes content into memory as long as it is short; all of a longer one goes to the stream that is opened then.</summary>
internal sealed class ShortStream(int bytesMax, Func<Stream> openLong) : WriteOnlyStream
{
    private readonly MemoryStream _short = new();
    private Stream? _long;

    /// <summary>The content; empty if it is long.</summary>
    public ReadOnlyMemory<byte> Content => _long is null ? _short.GetBuffer().AsMemory(0, (int)_short.Length) : default;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_long is null && _short.Length + buffer.Length > bytesMax)
        {
            var opened = openLong();
            opened.Write(Content.Span);
            _long = opened;
        }

        (_long ?? _short).Write(buffer);
    }

    public override void Flush() => _long?.Flush();
}
