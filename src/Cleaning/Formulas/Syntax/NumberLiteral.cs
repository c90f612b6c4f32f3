using System.Globalization;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>
/// Numbers in formulas: with an exponent a double; with a point a decimal; else an integer, or a decimal if it is too long
/// for 64 bits.
/// </summary>
internal static class NumberLiteral
{
    public static bool TryRead(string text, bool hasPoint, bool hasExponent, out Value value, out string why)
    {
        why = "";
        value = default;
        if (hasExponent)
        {
            var number = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            why = double.IsFinite(number) ? "" : $"{Quoted.Text(text)} is larger than the largest number, 1.7976931348623157e308.";
            value = double.IsFinite(number) ? Value.Number(number) : default;
            return why.Length == 0;
        }

        if (!hasPoint && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var integer))
        {
            value = Value.Integer(integer);
            return true;
        }

        if (NumberReader.TryReadDecimal(System.Text.Encoding.ASCII.GetBytes(text), out var exact) == NumberStatus.Number)
        {
            value = Value.Decimal(exact);
            return true;
        }

        why = $"{Quoted.Text(text)} has more than {NumberReader.DecimalDigitsMax} digits; with an exponent (`e0`) it would be rounded to a double.";
        return false;
    }

    /// <summary>The number with its sign turned, in the kind that its own text would have.</summary>
    public static Value Negate(in Value value) => value.Kind switch
    {
        ValueKind.Integer => Value.Integer(-value.AsInteger),
        ValueKind.Number => Value.Number(-value.AsNumber),

        // Only as a negative number the smallest integer fits 64 bits.
        _ when value.AsDecimal == 9223372036854775808m && value.AsDecimal.Scale == 0 => Value.Integer(long.MinValue),
        _ => Value.Decimal(-value.AsDecimal),
    };
}
