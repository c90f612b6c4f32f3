using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// Makes one key of several cells: the first 128 bits of the SHA-256 of their texts, each behind its length, so that
/// <c>ab, c</c> and <c>a, bc</c> differ. Empty cells and null words are null, and null equals null.
/// </summary>
internal sealed class RowKey(int[] slots)
{
    private const int LengthBytes = sizeof(int);
    private const int NullLength = -1;

    private byte[] _buffer = new byte[256];

    /// <summary>The key of the current row.</summary>
    public UInt128 Of(Row row)
    {
        var at = 0;
        foreach (var slot in slots)
        {
            row.ReadText(slot, out var text);
            var bytes = text.IsNull ? default : text.AsText;
            if (_buffer.Length < at + LengthBytes + bytes.Length)
            {
                Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, at + LengthBytes + bytes.Length));
            }

            BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(at), text.IsNull ? NullLength : bytes.Length);
            bytes.CopyTo(_buffer.AsSpan(at + LengthBytes));
            at += LengthBytes + bytes.Length;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_buffer.AsSpan(0, at), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
