using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace OrleansClean.Cleaning;

/// <summary>Most numbers of most files, read at once instead of byte by byte.</summary>
internal static partial class NumberReader
{
    /// <summary>
    /// Reads the double of a text of four to eight digits, with or without a point among them: exactly, for both its digits and the power
    /// of ten are. False for everything else, numbers or not.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadShort(ReadOnlySpan<byte> text, out double number)
    {
        if (TryScanShort(text, out var scanned))
        {
            number = scanned.Mantissa / PowersOfTen[-scanned.Exponent];
            return true;
        }

        number = 0;
        return false;
    }

    private const int ShortBytesMin = 4;
    private const int ShortBytesMax = 8;
    private const ulong Zeros = 0x3030303030303030;

    /// <summary>
    /// Reads four to eight bytes that are digits, with or without a point among them, in one register (the method of Johnny Lee and
    /// Daniel Lemire). False for everything else, numbers or not: that is for the plain way, which this one agrees with.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryScanShort(ReadOnlySpan<byte> text, out Scanned scanned)
    {
        scanned = default;
        if (text.Length is < ShortBytesMin or > ShortBytesMax)
        {
            return false;
        }

        // The first four bytes and the last four, which may be the same: the first byte of the text is the lowest.
        ulong bytes = BinaryPrimitives.ReadUInt32LittleEndian(text);
        bytes |= (ulong)BinaryPrimitives.ReadUInt32LittleEndian(text[^4..]) << ((text.Length - 4) * 8);
        var digits = text.Length;
        var places = 0;
        var points = ZeroBytes(bytes ^ 0x2E2E2E2E2E2E2E2E);
        if (points != 0)
        {
            var before = BitOperations.TrailingZeroCount(points) & ~7;
            var mask = (1UL << before) - 1;
            bytes = (bytes & mask) | ((bytes >> 8) & ~mask);
            digits--;
            places = digits - (before >> 3);
            if (places == 0)
            {
                return false;
            }
        }

        // To the upper end, with zeros before them.
        bytes = (bytes << ((8 - digits) * 8)) | ((Zeros >> 8) >> ((digits - 1) * 8));
        if (((bytes & 0xF0F0F0F0F0F0F0F0) | (((bytes + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) >> 4)) != 0x3333333333333333)
        {
            return false;
        }

        bytes -= Zeros;
        bytes = (bytes * 10) + (bytes >> 8);
        bytes = (((bytes & 0x000000FF000000FF) * 0x000F424000000064) + (((bytes >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >> 32;
        scanned.Mantissa = (uint)bytes;
        scanned.Exponent = -places;
        scanned.IsInteger = points == 0;
        return true;
    }

    /// <summary>The upper bit of the lowest byte that is zero; bits above it mean nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ZeroBytes(ulong bytes) => (bytes - 0x0101010101010101) & ~bytes & 0x8080808080808080;
}
