namespace OrleansClean.Execution.Streams;

/// <summary>
/// A stream as an input that can be opened again: the first time to look at its beginning, then to be read. Read more than once it
/// must have been spilled.
/// </summary>
internal sealed class StreamSource(ReadAheadStream source) : IDisposable
{
    private readonly MemoryStream _beginning = new();
    private SpillFile? _spilled;
    private int _opened;
    private long _replayed;

    /// <summary>True if the next read need not wait.</summary>
    public bool IsReady => _spilled is not null || _replayed < _beginning.Length || source.IsReady;

    /// <summary>Opens the input from its beginning.</summary>
    public Stream Open()
    {
        _opened++;
        return _spilled?.Open() ?? _opened switch
        {
            1 => new Looked(this),
            2 => new Replayed(this),
            _ => throw new InvalidOperationException("A stream can be read once. This is a bug."),
        };
    }

    /// <summary>Writes all of the input to a file that nobody sees and that goes with this object, so that it can be read often.</summary>
    public void Spill(SpillPlace place, CancellationToken cancellationToken)
    {
        var file = new SpillFile(place);
        try
        {
            file.Append(_beginning.GetBuffer().AsSpan(0, (int)_beginning.Length));
            var chunk = new byte[ReadAheadStream.ChunkBytes];
            for (var length = source.Read(chunk); length > 0; length = source.Read(chunk))
            {
                cancellationToken.ThrowIfCancellationRequested();
                file.Append(chunk.AsSpan(0, length));
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _spilled = file;
    }

    public void Dispose()
    {
        _spilled?.Dispose();
        _beginning.Dispose();
        source.Dispose();
    }

    /// <summary>Reads and remembers.</summary>
    private sealed class Looked(StreamSource owner) : ForwardOnlyStream
    {
        public override int Read(Span<byte> buffer)
        {
            var length = owner.Source.Read(buffer);
            owner._beginning.Write(buffer[..length]);
            return length;
        }
    }

    /// <summary>Gives what is remembered, then the rest.</summary>
    private sealed class Replayed(StreamSource owner) : ForwardOnlyStream
    {
        public override int Read(Span<byte> buffer)
        {
            var left = owner._beginning.Length - owner._replayed;
            if (left == 0)
            {
                return owner.Source.Read(buffer);
            }

            var length = (int)Math.Min(left, buffer.Length);
            owner._beginning.GetBuffer().AsSpan((int)owner._replayed, length).CopyTo(buffer);
            owner._replayed += length;
            return length;
        }
    }

    private ReadAheadStream Source => source;
}
