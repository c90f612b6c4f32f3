using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;

namespace OrleansClean.Storage.AzureBlobs;

/// <summary>
/// Reads one content of a blob, or a part of it, one request for each buffer. Each request names the tag, so a content that was
/// replaced is told and never mixed, and each answer's length is checked against what it says of itself.
/// </summary>
internal sealed class PinnedBlobStream(BlobRoot root, ObjectName name, ETag etag, ByteRange range, int bufferBytes) : Stream
{
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private long _next = range.Start;
    private long _last = range.Length > long.MaxValue - range.Start ? long.MaxValue : range.Start + range.Length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_start == _end && _next < _last && !buffer.IsEmpty)
        {
            Fill();
        }

        return Take(buffer);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_start == _end && _next < _last && !buffer.IsEmpty)
        {
            await FillAsync(cancellationToken);
        }

        return Take(buffer.Span);
    }

    /// <summary>Asks for the next part.</summary>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await root.Reading(name).DownloadStreamingAsync(Request(), cancellationToken);
            using var body = answer.Value;
            var length = Prepare(body.Details);
            Finish(await body.Content.ReadAtLeastAsync(_buffer.AsMemory(0, length), length, throwOnEndOfStream: false, cancellationToken), length);
        }
        catch (Exception e) when (BlobErrors.Knows(e, cancellationToken))
        {
            Explain(e);
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Fill()
    {
        try
        {
            var answer = root.Reading(name).DownloadStreaming(Request(), CancellationToken.None);
            using var body = answer.Value;
            var length = Prepare(body.Details);
            Finish(body.Content.ReadAtLeast(_buffer.AsSpan(0, length), length, throwOnEndOfStream: false), length);
        }
        catch (Exception e) when (BlobErrors.Knows(e, CancellationToken.None))
        {
            Explain(e);
        }
    }

    private int Take(Span<byte> buffer)
    {
        var taken = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, taken).CopyTo(buffer);
        _start += taken;
        return taken;
    }

    private BlobDownloadOptions Request() => new()
    {
        Range = new HttpRange(_next, Math.Min(bufferBytes, _last - _next)),
        Conditions = new BlobRequestConditions { IfMatch = BlobTags.Theirs(etag) },
    };

    /// <summary>Makes room for the answer. <c>Content-Range: bytes 0-99/1234</c> tells the whole content's length.</summary>
    private int Prepare(BlobDownloadDetails details)
    {
        var total = details.ContentRange is { } header && long.TryParse(header.AsSpan(header.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
            ? whole
            : details.ContentLength;
        _last = Math.Min(_last, total);
        var length = (int)Math.Min(bufferBytes, _last - _next);
        if (_buffer.Length < length)
        {
            _buffer = new byte[length];
        }

        return length;
    }

    private void Finish(int read, int length)
    {
        if (read < length)
        {
            throw new StorageException(
                StorageFault.Other,
                string.Create(CultureInfo.InvariantCulture, $"{root.Locate(name)} cannot be read: an answer of {length} bytes ended after {read}."));
        }

        _start = 0;
        _end = length;
        _next += length;
    }

    private void Explain(Exception e)
    {
        if (BlobErrors.Is(e, BlobErrorCode.InvalidRange) || BlobErrors.HasStatus(e, 416))
        {
            // The part begins behind the content's end, as every part of an empty blob does. The tag was right, or it would be 412.
            _last = _next;
            return;
        }

        if (BlobErrors.HasStatus(e, 412) || BlobErrors.IsAbsent(e))
        {
            throw new StorageException(
                StorageFault.Changed,
                $"{root.Locate(name)} changed after it was listed. Run the same command again when nobody writes to it.",
                e);
        }

        throw BlobErrors.Of(e, root.Locate(name), "read");
    }
}
