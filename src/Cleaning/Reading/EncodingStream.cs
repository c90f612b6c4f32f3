using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace OrleansClean.Cleaning.Reading;

/// <summary>
/// Takes UTF-8 and writes it in another encoding, the mark before the first byte. UTF-8 passes as it is, valid or not.
/// The destination stays open.
/// </summary>
internal sealed class EncodingStream(Stream destination, string encoding, bool hasBom) : Stream
{
    private readonly ArrayBufferWriter<byte> _encoded = new();
    private readonly byte[] _unfinished = new byte[4];
    private int _unfinishedLength;
    private bool _isMarkDue = hasBom;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_isMarkDue && buffer.Length != 0)
        {
            _isMarkDue = false;
            if (encoding == "utf-8")
                destination.Write((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]);
            else
                Encode(new Rune('\uFEFF'));
        }

        if (encoding == "utf-8")
        {
            destination.Write(buffer);
            return;
        }

        // A character may be cut by the caller's blocks: its bytes are gathered until it is whole.
        while (buffer.Length != 0 && _unfinishedLength != 0)
        {
            _unfinished[_unfinishedLength++] = buffer[0];
            buffer = buffer[1..];
            if (Rune.DecodeFromUtf8(_unfinished.AsSpan(0, _unfinishedLength), out var rune, out _) == OperationStatus.NeedMoreData)
                continue;
            Encode(rune);
            _unfinishedLength = 0;
        }

        while (buffer.Length != 0)
        {
            var status = Rune.DecodeFromUtf8(buffer, out var rune, out var used);
            if (status == OperationStatus.NeedMoreData)
            {
                buffer.CopyTo(_unfinished);
                _unfinishedLength = buffer.Length;
                break;
            }

            if (status != OperationStatus.Done)
                throw new InvalidOperationException("Decoded text is always valid UTF-8.");
            Encode(rune);
            buffer = buffer[used..];
        }

        destination.Write(_encoded.WrittenSpan);
        _encoded.ResetWrittenCount();
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() => destination.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private void Encode(Rune rune)
    {
        if (encoding == Windows1252.Name)
        {
            if (!Windows1252.TryEncode(rune, out var one))
                throw new InvalidOperationException("Text decoded from Windows-1252 can always be encoded again.");
            _encoded.Write([one]);
            return;
        }

        Span<char> units = stackalloc char[2];
        Span<byte> pair = stackalloc byte[2];
        foreach (var unit in units[..rune.EncodeToUtf16(units)])
        {
            if (encoding == "utf-16be")
                BinaryPrimitives.WriteUInt16BigEndian(pair, unit);
            else
                BinaryPrimitives.WriteUInt16LittleEndian(pair, unit);
            _encoded.Write(pair);
        }
    }
}
