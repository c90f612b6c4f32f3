using System.Buffers;

namespace OrleansClean.Cleaning.Reading;

/// <summary>
/// How much a stretch of bytes looks like one cell, in hundredths. A wrong delimiter cuts cells in the middle or leaves
/// several in one piece, and such pieces look like nothing in particular.
/// </summary>
internal static class CellShape
{
    /// <summary>A number, date, word or empty cell.</summary>
    public const int Clear = 100;

    private const int Padded = 95;
    private const int DecimalComma = 80;
    private const int Odd = 60;
    private const int Prose = 50;
    private const int SeveralCells = 20;

    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("0123456789+-.,:/%$()eETZ "u8);
    private static readonly SearchValues<byte> OtherDelimiters = SearchValues.Create(",;\t|"u8);

    /// <summary>The score of an unquoted cell.</summary>
    public static int Of(ReadOnlySpan<byte> cell)
    {
        var text = cell.Trim((byte)' ');
        if (text.IsEmpty)
            return cell.IsEmpty ? Clear : Padded;
        if (IsNumberLike(text))
            return OfNumber(text);
        if (text.ContainsAny(OtherDelimiters))
            return text.IndexOf(", "u8) > 0 && !text.ContainsAny(";\t|"u8) ? Prose : SeveralCells;
        if (text[0] is (byte)'"' or (byte)'\'' or (byte)'\\' || (text[0] >= 0x80 ? false : char.IsPunctuation((char)text[0])))
            return Odd;
        return text.Length == cell.Length ? Clear : Padded;
    }

    /// <summary>True for digits with the signs that numbers, dates, times and amounts are written with.</summary>
    public static bool IsNumberLike(ReadOnlySpan<byte> text) =>
        text.ContainsAnyInRange((byte)'0', (byte)'9') && !text.ContainsAnyExcept(NumberBytes);

    /// <summary>True for a year such as <c>1999</c>, which headers are made of too.</summary>
    public static bool IsYear(ReadOnlySpan<byte> text) =>
        text.Length == 4 && text[0] is (byte)'1' or (byte)'2' && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static int OfNumber(ReadOnlySpan<byte> text)
    {
        var comma = text.IndexOf((byte)',');
        if (comma < 0)
            return Clear;

        // One comma may be a decimal one; several must set off thousands.
        var next = text[(comma + 1)..].IndexOf((byte)',');
        while (next >= 0)
        {
            if (next != 3)
                return SeveralCells;
            comma += 4;
            next = text[(comma + 1)..].IndexOf((byte)',');
        }

        return DecimalComma;
    }
}
