using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>
/// What stands before the elements of a <c>.npy</c> file. Versions 1.0, 2.0 and 3.0 are read, in C order, little-endian, of four kinds of
/// element; everything else is refused with its name. <see cref="Check"/> holds the header against the size of the file, so that a
/// header cannot lie.
/// </summary>
public sealed record NpyHeader
{
    /// <summary>Bytes of a header that is read: a shape of 64 numbers needs a fraction of it.</summary>
    public const int HeaderBytesMax = 65_536;

    /// <summary>Dimensions of an array.</summary>
    public const int DimensionsMax = 64;

    /// <summary>Bytes that say how long the header is: magic, version and the longer form of the length.</summary>
    public const int PreludeBytes = 12;

    private const int Alignment = 64;

    /// <summary>Digits for which numpy leaves room, so that the first number of a shape can grow in place.</summary>
    private const int GrowthDigits = 21;

    /// <summary>What the array is made of.</summary>
    public required ArrayElement Element { get; init; }

    /// <summary>The numbers of elements in each dimension; empty for a single value.</summary>
    public required ImmutableArray<long> Shape { get; init; }

    /// <summary>Elements in all.</summary>
    public required long Count { get; init; }

    /// <summary>The header's own bytes, exactly as they stand in the file; elements follow.</summary>
    public required ImmutableArray<byte> Bytes { get; init; }

    /// <summary>Bytes of all elements.</summary>
    public long DataBytes => Count * Element.Bytes();

    /// <summary><c>int64 (3, 4)</c> in our words: <c>i64 (3, 4)</c>.</summary>
    public string Words => $"{Element.Word()} {ShapeText(Shape)}";

    /// <summary>
    /// Reads a header off the front of <paramref name="file"/>. Throws <see cref="FileFailedException"/> with
    /// <see cref="ProblemCodes.UnsupportedArray"/> if it is none that can be worked with.
    /// </summary>
    public static NpyHeader Read(Stream file, string name)
    {
        ArgumentNullException.ThrowIfNull(file);
        var prelude = new byte[PreludeBytes];
        var read = file.ReadAtLeast(prelude, PreludeBytes, throwOnEndOfStream: false);
        var version = NpyRefusals.CheckMagic(prelude.AsSpan(0, read), name);
        var prefix = version == 1 ? 10 : PreludeBytes;
        if (read < prefix)
        {
            throw NpyRefusals.EndsInHeader(name);
        }

        long length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(prelude.AsSpan(8)) : BinaryPrimitives.ReadUInt32LittleEndian(prelude.AsSpan(8));
        if (length > HeaderBytesMax)
        {
            throw NpyRefusals.Of(name, $"its header says that it is {ArrayWords.Grouped(length)} bytes long; headers of up to {ArrayWords.Grouped(HeaderBytesMax)} are read. Is it a .npy file?");
        }

        var bytes = new byte[prefix + length];
        prelude.AsSpan(0, Math.Min(read, bytes.Length)).CopyTo(bytes);
        if (bytes.Length > read)
        {
            read += file.ReadAtLeast(bytes.AsSpan(read), bytes.Length - read, throwOnEndOfStream: false);
        }

        if (read < bytes.Length)
        {
            throw NpyRefusals.EndsInHeader(name);
        }

        var encoding = version == 3 ? Encoding.UTF8 : Encoding.Latin1;
        return NpyHeaderText.Parse(encoding.GetString(bytes.AsSpan(prefix)), name) with { Bytes = [.. bytes] };
    }

    /// <summary>Throws <see cref="FileFailedException"/> unless a file of <paramref name="fileBytes"/> holds exactly what the header says.</summary>
    public void Check(long fileBytes, string name)
    {
        var held = fileBytes - Bytes.Length;
        if (held == DataBytes)
        {
            return;
        }

        var said = $"its header says {Words}, {ArrayWords.Grouped(DataBytes)} bytes, and {ArrayWords.Grouped(held)} follow";
        throw NpyRefusals.Of(name, held < DataBytes
            ? $"{said}: it ends early. Copy it again; was it still being written?"
            : $"{said}: {ArrayWords.Grouped(held - DataBytes)} bytes stand behind the array. One file holds one array.");
    }

    /// <summary>The header of an array of the same shape made of <paramref name="element"/>: these very bytes where nothing changes, else as numpy writes it.</summary>
    public NpyHeader With(ArrayElement element)
    {
        if (element == Element)
        {
            return this;
        }

        var shape = ShapeText(Shape);
        var growth = Shape.IsEmpty ? 0 : GrowthDigits - Shape[0].ToString(CultureInfo.InvariantCulture).Length;
        var text = $"{{'descr': '{element.Descr()}', 'fortran_order': False, 'shape': {shape}, }}{new string(' ', growth)}";
        const int prefix = 10;
        var used = prefix + text.Length + 1;
        var padding = Alignment - (used % Alignment);
        var bytes = new byte[used + padding];
        NpyRefusals.Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)(bytes.Length - prefix));
        Encoding.ASCII.GetBytes(text + new string(' ', padding) + "\n", bytes.AsSpan(prefix));
        return this with { Element = element, Bytes = [.. bytes] };
    }

    /// <summary>The place of an element, such as <c>[1, 0]</c>.</summary>
    public string PlaceOf(long index)
    {
        if (Shape.Length == 1)
        {
            return $"[{ArrayWords.Of(index)}]";
        }

        var place = new long[Shape.Length];
        for (var i = Shape.Length - 1; i >= 0; i--)
        {
            (index, place[i]) = Math.DivRem(index, Shape[i]);
        }

        return $"[{string.Join(", ", place.Select(ArrayWords.Of))}]";
    }

    private static string ShapeText(ImmutableArray<long> shape) =>
        shape.Length == 1 ? $"({ArrayWords.Of(shape[0])},)" : $"({string.Join(", ", shape.Select(ArrayWords.Of))})";
}
