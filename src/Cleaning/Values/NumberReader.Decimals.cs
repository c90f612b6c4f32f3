using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace OrleansClean.Cleaning;

/// <summary>Decimals with more than 19 digits, or with an exponent.</summary>
internal static partial class NumberReader
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static NumberStatus SlowDecimal(ReadOnlySpan<byte> text, bool isNegative, out decimal number)
    {
        number = 0;
        if (!TryCollect(text.Trim(" \t"u8), out var digits, out var exponent))
        {
            return NumberStatus.OutOfRange;
        }

        if (digits.IsZero)
        {
            return NumberStatus.Number;
        }

        // Zeros at the end are dropped only as far as the type's 28 places ask for it.
        while (exponent < -DecimalDigitsMax)
        {
            (digits, var digit) = BigInteger.DivRem(digits, 10);
            if (!digit.IsZero)
            {
                return NumberStatus.OutOfRange;
            }

            exponent++;
        }

        if (exponent > DecimalDigitsMax)
        {
            return NumberStatus.OutOfRange;
        }

        digits *= BigInteger.Pow(10, Math.Max(exponent, 0));
        exponent = Math.Min(exponent, 0);
        var limit = BigInteger.Pow(10, DecimalDigitsMax);
        while (digits >= limit)
        {
            (digits, var digit) = BigInteger.DivRem(digits, 10);
            if (!digit.IsZero || exponent == 0)
            {
                return NumberStatus.OutOfRange;
            }

            exponent++;
        }

        var magnitude = (decimal)digits;
        var bits = decimal.GetBits(magnitude);
        number = new decimal(bits[0], bits[1], bits[2], isNegative, (byte)-exponent);
        return NumberStatus.Number;
    }

    /// <summary>All digits as one integer and its power of ten; false if there are more than any decimal can need.</summary>
    private static bool TryCollect(ReadOnlySpan<byte> text, out BigInteger digits, out int exponent)
    {
        digits = BigInteger.Zero;
        exponent = 0;
        var e = text.IndexOfAny((byte)'e', (byte)'E');
        if (e >= 0)
        {
            if (!int.TryParse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
                || Math.Abs(exponent) > 10_000)
            {
                return false;
            }

            text = text[..e];
        }

        var point = text.IndexOf((byte)'.');
        if (point >= 0)
        {
            var places = text[(point + 1)..].TrimEnd((byte)'0').Length;
            places = Math.Max(places, Math.Min(text.Length - point - 1, DecimalDigitsMax));
            text = text[..(point + 1 + places)];
            exponent -= places;
        }

        text = text.TrimStart("+-0"u8);
        if (text.Length > 1_000)
        {
            return false;
        }

        foreach (var c in text)
        {
            digits = c == '.' ? digits : (digits * 10) + (c - '0');
        }

        return true;
    }
}
