using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansClean.Cleaning.Reading;

/// <summary>
/// The checksum of gzip (CRC-32, polynomial EDB88320): 64 bytes at a time by carry-less multiplication where the processor
/// has it, else eight at a time by table. With the table alone the checksum took a fifth of reading a gzip.
/// </summary>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of what <paramref name="crc"/> covers followed by <paramref name="bytes"/>; begin with 0.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        if (Pclmulqdq.IsSupported && bytes.Length >= 2 * FoldBytes)
        {
            var folded = bytes.Length / FoldBytes * FoldBytes;
            crc = Fold(crc, bytes[..folded]);
            bytes = bytes[folded..];
        }

        return ~ByTable(crc, bytes);
    }

    private const int FoldBytes = 64;

    /// <summary>
    /// Intel's "Fast CRC Computation for Generic Polynomials": four lanes fold 512 bits ahead, then into one of 128 bits,
    /// which has the same remainder as all that went in; the table takes the remainder of that.
    /// </summary>
    private static uint Fold(uint crc, ReadOnlySpan<byte> bytes)
    {
        var lanes = MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes);
        var ahead = Vector128.Create(0x1_5444_2BD4UL, 0x1_C6E4_1596UL);
        var a = lanes[0] ^ Vector128.CreateScalar((ulong)crc);
        var (b, c, d) = (lanes[1], lanes[2], lanes[3]);
        for (var i = 4; i < lanes.Length; i += 4)
        {
            a = Multiply(a, ahead) ^ lanes[i];
            b = Multiply(b, ahead) ^ lanes[i + 1];
            c = Multiply(c, ahead) ^ lanes[i + 2];
            d = Multiply(d, ahead) ^ lanes[i + 3];
        }

        var next = Vector128.Create(0x1_7519_97D0UL, 0x0_CCAA_009EUL);
        a = Multiply(a, next) ^ b;
        a = Multiply(a, next) ^ c;
        a = Multiply(a, next) ^ d;
        return ByTable(0, MemoryMarshal.AsBytes(new ReadOnlySpan<Vector128<ulong>>(in a)));
    }

    private static Vector128<ulong> Multiply(Vector128<ulong> lane, Vector128<ulong> by) =>
        Pclmulqdq.CarrylessMultiply(lane, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(lane, by, 0x11);

    private static uint ByTable(uint crc, ReadOnlySpan<byte> bytes)
    {
        var table = Table;
        while (bytes.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = table[0x700 + (low & 0xFF)] ^ table[0x600 + ((low >> 8) & 0xFF)]
                ^ table[0x500 + ((low >> 16) & 0xFF)] ^ table[0x400 + (low >> 24)]
                ^ table[0x300 + (high & 0xFF)] ^ table[0x200 + ((high >> 8) & 0xFF)]
                ^ table[0x100 + ((high >> 16) & 0xFF)] ^ table[high >> 24];
            bytes = bytes[8..];
        }

        foreach (var b in bytes)
            crc = (crc >> 8) ^ table[(crc ^ b) & 0xFF];
        return crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[8 * 256];
        for (var i = 0u; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
            table[i] = value;
        }

        for (var i = 256; i < table.Length; i++)
            table[i] = (table[i - 256] >> 8) ^ table[table[i - 256] & 0xFF];
        return table;
    }
}
