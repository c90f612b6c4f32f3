using System.Buffers.Binary;
using System.IO.Compression;
using OrleansClean.Cleaning.Csv;

namespace OrleansClean.Cleaning.Reading;

/// <summary>
/// The content of a gzip of one or more members. .NET's own GZipStream takes a file that ends early, and anything behind
/// the last member, for a good end; here each member's checksum and length must be there and match, and only zeros may
/// follow the last one. Everything else is a <c>compression-error</c> that names the byte.
/// </summary>
internal sealed class GunzipStream : ForwardStream
{
    /// <summary>Output below which the ratio is not looked at: small files of one letter compress a thousandfold.</summary>
    private const long RatioFreeBytes = 16 << 20;

    private readonly GzipSource _source;
    private readonly int _ratioMax;
    private DeflateStream? _member;
    private uint _crc;
    private long _memberBytes;
    private long _bytesOut;
    private bool _atEnd;

    /// <summary>Reads <paramref name="compressed"/> from the beginning of its first member.</summary>
    public GunzipStream(Stream compressed, Limits limits)
        : base(compressed)
    {
        _source = new GzipSource(compressed);
        _ratioMax = limits.DecompressionRatioMax;
    }

    /// <summary>True if <paramref name="beginning"/> is that of a gzip.</summary>
    public static bool IsGzip(ReadOnlySpan<byte> beginning) => beginning.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]);

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (!_atEnd && buffer.Length != 0)
        {
            if (_member is null)
                BeginMember();
            var count = Inflate(buffer);
            if (count > 0)
            {
                Account(buffer[..count]);
                return count;
            }

            EndMember();
        }

        return 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _member?.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private void BeginMember()
    {
        GzipHeader.Read(_source);
        _member = new DeflateStream(_source, CompressionMode.Decompress, leaveOpen: true);
        (_crc, _memberBytes) = (0, 0);

        // An empty member's trailer is all zeros, which a search could find one byte early: its end must be known exactly.
        _source.OneByOne = true;
    }

    private int Inflate(Span<byte> buffer)
    {
        try
        {
            return _member!.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw CompressionFailures.Of($"gzip is damaged near byte {Digits.Grouped(_source.BytesTaken)}; fetch the file again", e);
        }
    }

    private void Account(ReadOnlySpan<byte> bytes)
    {
        _source.OneByOne = false;
        _crc = Crc32.Append(_crc, bytes);
        _memberBytes += bytes.Length;
        _bytesOut += bytes.Length;
        if (_bytesOut > RatioFreeBytes && _bytesOut / _ratioMax > _source.BytesTaken)
        {
            throw CompressionFailures.Of($"gzip grows to more than {_ratioMax} times its size, noticed at byte {Digits.Grouped(_source.BytesTaken)}; "
                + "if the file is what it should be, unpack it first");
        }
    }

    private void EndMember()
    {
        if (_source.EndWasAsked)
            throw CompressionFailures.EndsEarly(_source.BytesTaken);
        _member!.Dispose();
        _member = null;
        Span<byte> trailer = stackalloc byte[GzipSource.TrailerBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _crc);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], (uint)_memberBytes);
        if (!_source.TryPassTrailer(trailer))
        {
            throw CompressionFailures.Of($"gzip is damaged or ends early: near byte {Digits.Grouped(_source.BytesTaken)} its checksum and length do not "
                + $"match the {Digits.Grouped(_memberBytes)} bytes that it holds; fetch the file again");
        }

        PassPadding();
    }

    private void PassPadding()
    {
        var next = _source.PeekByte();
        if (next == GzipHeader.FirstByte)
            return;
        while (next == 0)
        {
            _source.NextByte();
            next = _source.PeekByte();
        }

        _atEnd = next < 0;
        if (!_atEnd)
        {
            throw CompressionFailures.Of($"gzip is followed by other data at byte {Digits.Grouped(_source.BytesTaken)}; expected its end, zeros, or another gzip member; "
                + "cut the file there or fetch it again");
        }
    }
}
