using System.Numerics;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Rounds an exact ratio once, to the nearest double, halves to even.</summary>
internal static class ExactRatio
{
    /// <summary>Units of 2^-1074: the smallest double.</summary>
    public const int UnitBits = 1074;

    /// <summary><paramref name="numerator"/> / <paramref name="denominator"/>, or infinity. The denominator is positive.</summary>
    public static double ToDouble(BigInteger numerator, BigInteger denominator)
    {
        if (numerator.IsZero)
        {
            return 0;
        }

        var magnitude = BigInteger.Abs(numerator);

        // Scale so that the quotient has 54 or 55 bits, but never to less than half the smallest double.
        var bits = (long)magnitude.GetBitLength() - (long)denominator.GetBitLength();
        var scale = Math.Max(bits - 54, -UnitBits - 1);
        var quotient = scale >= 0
            ? BigInteger.DivRem(magnitude, denominator << (int)scale, out var rest)
            : BigInteger.DivRem(magnitude << (int)-scale, denominator, out rest);
        var rounded = RoundToMantissa(quotient, !rest.IsZero, ref scale);
        var result = Scale(rounded, scale);
        return numerator.Sign < 0 ? -result : result;
    }

    /// <summary>Takes bits off until 53 are left and the last is worth at least 2^-1074.</summary>
    private static ulong RoundToMantissa(BigInteger quotient, bool isMore, ref long scale)
    {
        var bits = (int)quotient.GetBitLength();
        var drop = (int)Math.Max(bits - 53, -UnitBits - scale);
        if (drop <= 0)
        {
            return (ulong)quotient;
        }

        var kept = (ulong)(quotient >> drop);
        var dropped = quotient - (new BigInteger(kept) << drop);
        var half = BigInteger.One << (drop - 1);
        var order = dropped.CompareTo(half);
        if (order > 0 || (order == 0 && (isMore || (kept & 1) == 1)))
        {
            kept++;
        }

        scale += drop;
        return kept;
    }

    /// <summary>At most 2^53 times a power of two, exactly, or infinity.</summary>
    private static double Scale(ulong mantissa, long exponent)
    {
        if (exponent > 1024)
        {
            return double.PositiveInfinity;
        }

        return Math.ScaleB(mantissa, (int)exponent);
    }
}
