using System.Text;

namespace OrleansClean.Cleaning.Steps;

/// <summary>White space in UTF-8: the characters with Unicode's property White_Space, no-break spaces among them.</summary>
internal static class WhiteSpace
{
    /// <summary>Cuts white space off both ends.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        Measure(text, out var start, out var length);
        return text.Slice(start, length);
    }

    /// <summary>Where the text without white space at its ends begins, and how long it is.</summary>
    public static void Measure(ReadOnlySpan<byte> text, out int start, out int length)
    {
        start = 0;
        var end = text.Length;
        while (start < end && BytesAtStart(text[start..end]) is var bytes and > 0)
        {
            start += bytes;
        }

        while (end > start && BytesAtEnd(text[start..end]) is var bytes and > 0)
        {
            end -= bytes;
        }

        length = end - start;
    }

    /// <summary>True if there is nothing but white space.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var bytes = BytesAtStart(text);
            if (bytes == 0)
            {
                return false;
            }

            text = text[bytes..];
        }

        return true;
    }

    private static int BytesAtStart(ReadOnlySpan<byte> text)
    {
        var first = text[0];
        if (first < 0x80)
        {
            return IsAsciiSpace(first) ? 1 : 0;
        }

        Rune.DecodeFromUtf8(text, out var rune, out var bytes);
        return Rune.IsWhiteSpace(rune) ? bytes : 0;
    }

    private static int BytesAtEnd(ReadOnlySpan<byte> text)
    {
        var last = text[^1];
        if (last < 0x80)
        {
            return IsAsciiSpace(last) ? 1 : 0;
        }

        Rune.DecodeLastFromUtf8(text, out var rune, out var bytes);
        return Rune.IsWhiteSpace(rune) ? bytes : 0;
    }

    private static bool IsAsciiSpace(byte c) => c is (byte)' ' or (>= 9 and <= 13);
}
