using System.Globalization;
using System.Text;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// Letter cases of UTF-8 text. Letters are mapped one by one (ß stays ß). A word is a run of letters, digits, marks and
/// apostrophes: <c>O'NEIL 3RD</c> in title case is <c>O'neil 3rd</c>.
/// </summary>
internal static class LetterCasing
{
    /// <summary>True if the text is not in that case yet.</summary>
    public static bool Changes(ReadOnlySpan<byte> text, LetterCase letterCase)
    {
        var isInWord = false;
        while (!text.IsEmpty)
        {
            Decode(text, out var rune, out var bytes);
            if (Convert(rune, letterCase, ref isInWord) != rune)
            {
                return true;
            }

            text = text[bytes..];
        }

        return false;
    }

    /// <summary>Writes the text in that case into <paramref name="arena"/>; false if the row's bound is reached.</summary>
    public static bool TryConvert(ReadOnlySpan<byte> text, LetterCase letterCase, TextArena arena, out Value converted)
    {
        converted = Value.Error;

        // No letter of two or more bytes becomes more than half as long again; ASCII stays one byte.
        if (!arena.TryReserve(text.Length + (text.Length / 2) + 4, out var array, out var start))
        {
            return false;
        }

        var at = start;
        var isInWord = false;
        while (!text.IsEmpty)
        {
            if (Decode(text, out var rune, out var bytes))
            {
                at += Convert(rune, letterCase, ref isInWord).EncodeToUtf8(array.AsSpan(at));
            }
            else
            {
                text[..bytes].CopyTo(array.AsSpan(at));
                at += bytes;
            }

            text = text[bytes..];
        }

        converted = Value.Text(array, start, at - start);
        return true;
    }

    private static bool Decode(ReadOnlySpan<byte> text, out Rune rune, out int bytes)
    {
        if (text[0] < 0x80)
        {
            rune = new Rune(text[0]);
            bytes = 1;
            return true;
        }

        return Rune.DecodeFromUtf8(text, out rune, out bytes) == System.Buffers.OperationStatus.Done;
    }

    private static Rune Convert(Rune rune, LetterCase letterCase, ref bool isInWord)
    {
        switch (letterCase)
        {
            case LetterCase.Lower:
                return Rune.ToLowerInvariant(rune);
            case LetterCase.Upper:
                return Rune.ToUpperInvariant(rune);
            default:
                var isFirst = !isInWord;
                isInWord = ContinuesWord(rune, isInWord);
                return isFirst ? Rune.ToUpperInvariant(rune) : Rune.ToLowerInvariant(rune);
        }
    }

    private static bool ContinuesWord(Rune rune, bool isInWord) =>
        Rune.IsLetterOrDigit(rune)
        || (isInWord && (rune.Value is '\'' or '’' || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark));
}
