namespace OrleansClean.Cleaning.Formulas;

/// <summary>
/// Numbers as keys whose unsigned order is the numbers' order. The upper half is the double nearest to the number; the
/// lower half is what that double leaves of an integer or decimal, so that every number comes back exactly.
/// </summary>
internal static class MedianKey
{
    public static UInt128 Of(in Value value, bool isDecimal)
    {
        if (isDecimal)
        {
            var exact = Numbers.AsDecimal(value);
            var nearest = (double)exact;
            return Join(nearest, Rest(exact, nearest));
        }

        if (value.Kind == ValueKind.Integer)
        {
            // The last bit tells integers from doubles, which are written differently beyond 2^53.
            var nearest = (double)value.AsInteger;
            return Join(nearest, ((long)(value.AsInteger - (Int128)nearest) * 2) + 1);
        }

        // Adding zero turns -0 into 0.
        return Join(value.AsNumber + 0.0, 0);
    }

    public static Value ToValue(UInt128 key, bool isDecimal)
    {
        var bits = (long)(ulong)(key >> 64);
        bits = bits < 0 ? bits & long.MaxValue : ~bits;
        var nearest = BitConverter.Int64BitsToDouble(bits);
        var rest = (long)((ulong)key ^ (1UL << 63));
        if (isDecimal)
        {
            return Value.Decimal(Trim(ToDecimal(nearest) + (rest * Unit(nearest))));
        }

        return (rest & 1) == 1 ? Value.Integer((long)((Int128)nearest + (rest >> 1))) : Value.Number(nearest);
    }

    /// <summary>Half way between two neighbours.</summary>
    public static Value Middle(in Value low, in Value high)
    {
        if (low.Kind == ValueKind.Integer && high.Kind == ValueKind.Integer)
        {
            var sum = (Int128)low.AsInteger + high.AsInteger;
            return Int128.IsEvenInteger(sum) ? Value.Integer((long)(sum / 2)) : Value.Number((double)sum / 2);
        }

        if (low.Kind == ValueKind.Decimal && high.Kind == ValueKind.Decimal)
        {
            // Halves first: the sum of two large decimals may not fit.
            return Value.Decimal(Trim((low.AsDecimal / 2) + (high.AsDecimal / 2)));
        }

        var a = Numbers.AsDouble(low);
        var b = Numbers.AsDouble(high);
        var total = a + b;
        return Value.Number(double.IsFinite(total) ? total / 2 : (a / 2) + (b / 2));
    }

    private static UInt128 Join(double nearest, long rest)
    {
        var bits = BitConverter.DoubleToInt64Bits(nearest);
        var upper = bits < 0 ? ~(ulong)bits : (ulong)bits | (1UL << 63);
        return new UInt128(upper, (ulong)rest ^ (1UL << 63));
    }

    /// <summary>What the nearest double leaves of a decimal, in units that are fine enough for 28 digits of that size.</summary>
    private static long Rest(decimal exact, double nearest) => (long)((exact - ToDecimal(nearest)) / Unit(nearest));

    private static decimal Unit(double nearest)
    {
        var digits = nearest == 0 ? 0 : Math.Clamp((int)Math.Floor(Math.Log10(Math.Abs(nearest))) + 1, 0, 28);
        return new decimal(1, 0, 0, isNegative: false, (byte)(28 - digits));
    }

    /// <summary>A decimal close to a double: always the same one, which is all that is asked of it.</summary>
    private static decimal ToDecimal(double nearest) => (decimal)nearest;

    private static decimal Trim(decimal value) => value / 1.0000000000000000000000000000m;
}
