using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// Makes one 128-bit key of several cells' texts, each behind its length, so that <c>ab, c</c> and <c>a, bc</c> differ.
/// Up to 15 bytes are the key themselves; of more, the key is the first 127 bits of their SHA-256, which nobody has ever
/// seen collide. Empty cells and null words are null, and null equals null.
/// </summary>
internal sealed class RowKey(int[] slots)
{
    private const int KeyBytes = 16;

    /// <summary>In the last byte: the key is a hash. Otherwise the last byte is the number of bytes in front of it.</summary>
    private const byte HashMark = 0x80;

    /// <summary>In place of a length: the cell is null.</summary>
    private const byte NullMark = 0xFF;

    /// <summary>In place of a length: the length follows in four bytes.</summary>
    private const byte LongMark = 0xFE;

    private byte[] _buffer = new byte[256];

    /// <summary>The key of the current row; never zero.</summary>
    public UInt128 Of(Row row)
    {
        var length = 0;
        foreach (var slot in slots)
        {
            row.ReadText(slot, out var text);
            length = text.IsNull ? AppendNull(length) : Append(length, text.AsText);
        }

        Span<byte> key = stackalloc byte[SHA256.HashSizeInBytes];
        key.Clear();
        if (length < KeyBytes)
        {
            _buffer.AsSpan(0, length).CopyTo(key);
            key[KeyBytes - 1] = (byte)length;
        }
        else
        {
            SHA256.HashData(_buffer.AsSpan(0, length), key);
            key[KeyBytes - 1] |= HashMark;
        }

        return BinaryPrimitives.ReadUInt128LittleEndian(key);
    }

    private int AppendNull(int at)
    {
        Reserve(at + 1);
        _buffer[at] = NullMark;
        return at + 1;
    }

    private int Append(int at, ReadOnlySpan<byte> text)
    {
        Reserve(at + 1 + sizeof(int) + text.Length);
        if (text.Length < LongMark)
        {
            _buffer[at++] = (byte)text.Length;
        }
        else
        {
            _buffer[at++] = LongMark;
            BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(at), text.Length);
            at += sizeof(int);
        }

        text.CopyTo(_buffer.AsSpan(at));
        return at + text.Length;
    }

    private void Reserve(int length)
    {
        if (_buffer.Length < length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, length));
        }
    }
}
