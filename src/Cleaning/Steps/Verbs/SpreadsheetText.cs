using System.Buffers;
using System.Globalization;
using System.Text;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// What a spreadsheet takes for a formula: a cell that begins with <c>= + - @</c>, full-width and small forms included, after
/// any white space, quotes and invisible characters, and a cell that begins with a tab or a line end. Spreadsheets of many
/// countries split at semicolons whatever the file says, and all split at tabs: the parts of a cell between them count as
/// cells. Numbers, and a sign that stands alone, are no formulas.
/// </summary>
internal static class SpreadsheetText
{
    /// <summary>Put in front of a formula it makes text of it.</summary>
    private const byte Mark = (byte)'\'';

    private static readonly SearchValues<byte> Separators = SearchValues.Create(";\t"u8);

    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("0123456789.,"u8);

    /// <summary>Marks that neutralising puts into <paramref name="text"/>: 0 if it is harmless.</summary>
    public static int CountMarks(ReadOnlySpan<byte> text)
    {
        var marks = 0;
        for (var start = 0; start <= text.Length; start = EndOfPart(text, start) + 1)
        {
            marks += NeedsMark(text, start) ? 1 : 0;
        }

        return marks;
    }

    /// <summary>
    /// Writes <paramref name="text"/> with a mark in front of every formula to <paramref name="destination"/>, which has room
    /// for both. Neutral text comes out as it is, so doing it twice is doing it once.
    /// </summary>
    public static void Neutralise(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var at = 0;
        for (var start = 0; start <= text.Length; start = EndOfPart(text, start) + 1)
        {
            if (NeedsMark(text, start))
            {
                destination[at++] = Mark;
            }

            var part = text[start..Math.Min(EndOfPart(text, start) + 1, text.Length)];
            part.CopyTo(destination[at..]);
            at += part.Length;
        }
    }

    /// <summary><paramref name="text"/> with a mark in front of every formula.</summary>
    public static string Neutralise(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var neutral = new byte[bytes.Length + CountMarks(bytes)];
        Neutralise(bytes, neutral);
        return Encoding.UTF8.GetString(neutral);
    }

    private static int EndOfPart(ReadOnlySpan<byte> text, int start) =>
        text[start..].IndexOfAny(Separators) is var length and >= 0 ? start + length : text.Length;

    private static bool NeedsMark(ReadOnlySpan<byte> text, int start)
    {
        // Some spreadsheets drop these first characters, and then read what follows them.
        if (start == 0 && !text.IsEmpty && text[0] is (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            return !WhiteSpace.IsBlank(text) && !IsNumber(text);
        }

        var part = text[start..EndOfPart(text, start)];
        var visible = SkipInvisible(part);
        Rune.DecodeFromUtf8(visible, out var first, out var bytes);
        return IsSign(first) && !WhiteSpace.IsBlank(visible[bytes..]) && !IsNumber(part);
    }

    private static bool IsSign(Rune rune) => rune.Value is '=' or '+' or '-' or '@'
        or 0xFF1D or 0xFF0B or 0xFF0D or 0xFF20
        or 0xFE66 or 0xFE62 or 0xFE63 or 0xFE6B;

    private static ReadOnlySpan<byte> SkipInvisible(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var bytes);
            if (rune.Value != '"' && !Rune.IsWhiteSpace(rune)
                && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format))
            {
                break;
            }

            text = text[bytes..];
        }

        return text;
    }

    /// <summary>
    /// A number as any country writes it: a sign, digits with points and commas, an exponent, a per cent sign. No formula
    /// can be made of these characters alone.
    /// </summary>
    private static bool IsNumber(ReadOnlySpan<byte> text)
    {
        text = WhiteSpace.Trim(text);
        text = !text.IsEmpty && text[0] is (byte)'+' or (byte)'-' ? text[1..] : text;
        text = text.EndsWith("%"u8) ? text[..^1] : text;
        if (text.IndexOfAny((byte)'e', (byte)'E') is var exponent and > 0)
        {
            var digits = text[(exponent + 1)..];
            digits = !digits.IsEmpty && digits[0] is (byte)'+' or (byte)'-' ? digits[1..] : digits;
            if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                return false;
            }

            text = text[..exponent];
        }

        return text.ContainsAnyInRange((byte)'0', (byte)'9') && !text.ContainsAnyExcept(NumberBytes);
    }
}
