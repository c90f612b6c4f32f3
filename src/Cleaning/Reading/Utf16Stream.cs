using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace OrleansClean.Cleaning.Reading;

/// <summary>UTF-16 in either byte order as UTF-8; <paramref name="position"/> is where it begins: 2 behind a byte order mark.</summary>
internal sealed class Utf16Stream(Stream source, bool bigEndian, int position) : TranscodingStream(source, position)
{
    private readonly char[] _characters = new char[16 * 1024 / 2];

    /// <inheritdoc/>
    protected override string EncodingName => bigEndian ? "utf-16be" : "utf-16le";

    /// <inheritdoc/>
    protected override void Convert(ReadOnlySpan<byte> input, Span<byte> output, bool isLast, out int used, out int written)
    {
        var units = MemoryMarshal.Cast<byte, ushort>(input);
        var characters = _characters.AsSpan(0, units.Length);
        var target = MemoryMarshal.Cast<char, ushort>(characters);
        if (bigEndian == BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(units, target);
        else
            units.CopyTo(target);
        var status = Utf8.FromUtf16(characters, output, out var unitsUsed, out written, replaceInvalidSequences: false, isLast);
        used = unitsUsed * 2;
        if (status == OperationStatus.InvalidData)
            throw Undecodable(used, $"half a surrogate pair, {target[unitsUsed]:X4}");
        if (isLast && used < input.Length)
            throw Undecodable(used, "the file ends in the middle of a character");
    }
}
