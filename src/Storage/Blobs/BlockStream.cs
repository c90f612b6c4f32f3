namespace OrleansClean.Storage.Blobs;

/// <summary>Where blocks go.</summary>
internal interface IBlockSink
{
    /// <summary>Stages one block.</summary>
    void Put(int index, byte[] block, int length);

    /// <summary>Stages one block.</summary>
    ValueTask PutAsync(int index, byte[] block, int length, CancellationToken cancellationToken);
}

/// <summary>Cuts content into blocks.</summary>
internal sealed class BlockStream(IBlockSink sink, BlockSizes sizes, ObjectName name) : Stream
{
    private const int FirstBufferBytes = 16 << 10;

    private byte[] _block = [];
    private int _filled;

    /// <summary>Blocks that were staged.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that were taken.</summary>
    public long BytesWritten { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => BytesWritten;

    public override long Position
    {
        get => BytesWritten;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var taken = Take(buffer);
            buffer = buffer[taken..];
            if (_filled == sizes[Count])
            {
                sink.Put(Count, _block, _filled);
                Next();
            }
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var taken = Take(buffer.Span);
            buffer = buffer[taken..];
            if (_filled == sizes[Count])
            {
                await sink.PutAsync(Count, _block, _filled, cancellationToken);
                Next();
            }
        }
    }

    /// <summary>Stages what is left.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (_filled != 0)
        {
            await sink.PutAsync(Count, _block, _filled, cancellationToken);
            Next();
        }

        _block = [];
    }

    public override void Flush()
    {
        // A block is staged when it is full: more and smaller ones would use up the number that a commit takes.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private int Take(ReadOnlySpan<byte> buffer)
    {
        if (Count == BlockIds.CountMax)
        {
            throw new StorageException(StorageFault.TooLarge, $"{ObjectName.Show(name.Value)} would have more than {BlockIds.CountMax} blocks. Split the input.");
        }

        var taken = Math.Min(buffer.Length, sizes[Count] - _filled);
        if (_block.Length < _filled + taken)
        {
            var grown = Math.Max(Math.Max(_block.Length * 2, _filled + taken), FirstBufferBytes);
            Array.Resize(ref _block, Math.Min(grown, sizes[Count]));
        }

        buffer[..taken].CopyTo(_block.AsSpan(_filled));
        _filled += taken;
        BytesWritten += taken;
        return taken;
    }

    private void Next()
    {
        Count++;
        _filled = 0;
    }
}
