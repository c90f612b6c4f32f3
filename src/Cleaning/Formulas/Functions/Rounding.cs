namespace OrleansClean.Cleaning.Formulas;

/// <summary><c>round(x, digits)</c>: halves away from zero; a double by its shortest decimal text, so that 2.675 gives 2.68.</summary>
internal static class Rounding
{
    public static void Round(EvaluationContext context, in Value x, in Value digits, out Value result)
    {
        // No number has a digit farther out.
        var places = (int)Math.Clamp(digits.AsInteger, -400, 400);
        switch (x.Kind)
        {
            case ValueKind.Integer:
                RoundInteger(context, x.AsInteger, places, out result);
                break;
            case ValueKind.Decimal:
                RoundDecimal(context, x.AsDecimal, places, out result);
                break;
            default:
                Numbers.Store(context, RoundDouble(x.AsNumber, places), out result);
                break;
        }
    }

    private static void RoundInteger(EvaluationContext context, long x, int places, out Value result)
    {
        if (places >= 0)
        {
            result = Value.Integer(x);
            return;
        }

        // Half of 10^19 is beyond the largest integer: every integer rounds to 0 or overflows at 19 places, to 0 beyond.
        var unit = places < -19 ? Int128.Zero : (Int128)Math.Pow(10, -places);
        if (unit == 0)
        {
            result = Value.Integer(0);
            return;
        }

        var half = unit / 2;
        var rounded = (((x < 0 ? -(Int128)x : x) + half) / unit) * unit;
        rounded = x < 0 ? -rounded : rounded;
        result = rounded >= long.MinValue && rounded <= long.MaxValue
            ? Value.Integer((long)rounded)
            : context.Fail(FormulaProblems.Overflow);
    }

    private static void RoundDecimal(EvaluationContext context, decimal x, int places, out Value result)
    {
        if (places >= 0)
        {
            result = Value.Decimal(places > 28 ? x : Math.Round(x, places, MidpointRounding.AwayFromZero));
            return;
        }

        if (places < -28)
        {
            result = Value.Decimal(0);
            return;
        }

        var unit = 1m;
        for (var i = 0; i > places; i--)
        {
            unit *= 10;
        }

        var units = Math.Round(x / unit, 0, MidpointRounding.AwayFromZero);
        result = Math.Abs(units) > decimal.MaxValue / unit ? context.Fail(FormulaProblems.Overflow) : Value.Decimal(units * unit);
    }

    private static double RoundDouble(double x, int places)
    {
        if (x == 0)
        {
            return x;
        }

        Span<byte> digits = stackalloc byte[ShortestDigits.CountMax];
        var (count, point) = ShortestDigits.Write(x, digits);
        var kept = point + places;
        if (kept >= count)
        {
            return x;
        }

        if (kept < 0)
        {
            return 0;
        }

        // At most 17 digits: they fit 64 bits.
        var mantissa = 0UL;
        foreach (var digit in digits[..kept])
        {
            mantissa = (mantissa * 10) + (uint)(digit - '0');
        }

        mantissa += digits[kept] >= '5' ? 1UL : 0;
        var rounded = NumberReader.Scale(mantissa, -places);
        return x < 0 ? -rounded : rounded;
    }
}
