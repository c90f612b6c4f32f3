using System.Buffers;
using System.Text;

namespace OrleansClean.Cleaning.Reading;

/// <summary>
/// The Windows-1252 code page. The table is ours: no code page need be registered, and the five bytes that it leaves
/// undefined are errors, not control characters.
/// </summary>
internal static class Windows1252
{
    /// <summary>The encoding's name.</summary>
    public const string Name = "windows-1252";

    /// <summary>Characters of the bytes 80 to 9F; those above are Latin-1.</summary>
    private const string High = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ";

    private static readonly byte[][] Utf8 = MakeUtf8();

    /// <summary>The bytes without a character.</summary>
    public static SearchValues<byte> Undefined { get; } = SearchValues.Create([0x81, 0x8D, 0x8F, 0x90, 0x9D]);

    /// <summary>The UTF-8 of one byte above 7F; empty if it has no character.</summary>
    public static ReadOnlySpan<byte> ToUtf8(byte high) => Utf8[high - 0x80];

    /// <summary>The byte of a character, if it has one.</summary>
    public static bool TryEncode(Rune rune, out byte encoded)
    {
        var high = rune is { IsBmp: true, Value: > 0x9F } ? High.IndexOf((char)rune.Value, StringComparison.Ordinal) : -1;
        encoded = (byte)(high >= 0 ? high + 0x80 : rune.Value);
        return high >= 0 || rune.Value is < 0x80 or (>= 0xA0 and <= 0xFF);
    }

    private static byte[][] MakeUtf8()
    {
        var table = new byte[0x80][];
        for (var i = 0; i < table.Length; i++)
        {
            var character = i < High.Length ? High[i] : (char)(i + 0x80);
            table[i] = character == '\0' ? [] : Encoding.UTF8.GetBytes([character]);
        }

        return table;
    }
}
