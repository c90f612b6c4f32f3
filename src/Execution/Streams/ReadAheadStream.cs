using System.Runtime.ExceptionServices;

namespace OrleansClean.Execution.Streams;

/// <summary>
/// Reads a stream on a thread of its own, a few chunks ahead and no further: whoever writes into a pipe is held up when its reader
/// is. Tells whether a read would wait. A thread that waits for a pipe cannot be woken: it is left behind with the process.
/// </summary>
internal sealed class ReadAheadStream : ForwardOnlyStream
{
    /// <summary>Bytes of a chunk.</summary>
    public const int ChunkBytes = 256 << 10;

    /// <summary>Chunks that are read ahead.</summary>
    public const int ChunksMax = 4;

    private readonly object _gate = new();
    private readonly Queue<ArraySegment<byte>> _filled = new();
    private readonly Stack<byte[]> _free = new();
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenRegistration _cancelled;
    private ArraySegment<byte> _current = ArraySegment<byte>.Empty;
    private ExceptionDispatchInfo? _failure;
    private bool _isEnded;
    private bool _isDisposed;

    public ReadAheadStream(Stream source, CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        for (var i = 0; i < ChunksMax; i++)
        {
            _free.Push(new byte[ChunkBytes]);
        }

        _cancelled = cancellationToken.Register(Wake);
        new Thread(() => Fill(source)) { IsBackground = true, Name = "stream reader" }.Start();
    }

    /// <summary>True if the next read need not wait.</summary>
    public bool IsReady
    {
        get
        {
            lock (_gate)
            {
                return _current.Count > 0 || _filled.Count > 0 || _isEnded || _cancellationToken.IsCancellationRequested;
            }
        }
    }

    /// <inheritdoc />
    public override int Read(Span<byte> buffer)
    {
        if (_current.Count == 0 && !TakeChunk())
        {
            return 0;
        }

        var length = Math.Min(buffer.Length, _current.Count);
        _current.AsSpan(0, length).CopyTo(buffer);
        _current = _current[length..];
        return length;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cancelled.Dispose();
            lock (_gate)
            {
                _isDisposed = true;
                Monitor.PulseAll(_gate);
            }
        }

        base.Dispose(disposing);
    }

    /// <summary>Waits for the next chunk; false at the end.</summary>
    private bool TakeChunk()
    {
        lock (_gate)
        {
            if (_current.Array is { Length: > 0 } used)
            {
                _free.Push(used);
                _current = ArraySegment<byte>.Empty;
                Monitor.PulseAll(_gate);
            }

            while (_filled.Count == 0 && !_isEnded)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }

            if (_filled.TryDequeue(out var next))
            {
                _current = next;
                return true;
            }

            _failure?.Throw();
            return false;
        }
    }

    private void Fill(Stream source)
    {
        try
        {
            while (TakeFree() is { } chunk)
            {
                var length = source.Read(chunk, 0, chunk.Length);
                if (length == 0)
                {
                    break;
                }

                lock (_gate)
                {
                    _filled.Enqueue(new ArraySegment<byte>(chunk, 0, length));
                    Monitor.PulseAll(_gate);
                }
            }
        }
#pragma warning disable CA1031 // It is thrown again by the read that comes to it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }

        lock (_gate)
        {
            _isEnded = true;
            Monitor.PulseAll(_gate);
        }
    }

    private byte[]? TakeFree()
    {
        lock (_gate)
        {
            while (_free.Count == 0 && !_isDisposed)
            {
                Monitor.Wait(_gate);
            }

            return _isDisposed ? null : _free.Pop();
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }
}
