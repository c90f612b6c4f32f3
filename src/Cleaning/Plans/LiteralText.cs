using System.Text;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Reads literals of plans and of <c>--param</c>.</summary>
internal static class LiteralText
{
    /// <summary>
    /// The literal that an unquoted text is: <c>null</c>, <c>true</c>, <c>false</c>, a number (integer without point and
    /// exponent, decimal without exponent, else double), else text. Null if it is a number that no type can hold.
    /// </summary>
    public static Literal? OfPlain(string text)
    {
        switch (text)
        {
            case "null":
                return new Literal(Value.Null, text);
            case "true" or "false":
                return new Literal(Value.Boolean(text is "true"), text);
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        return NumberReader.TryRead(bytes, out var number) switch
        {
            NumberStatus.Number => OfNumber(text, bytes, number),
            NumberStatus.OutOfRange => null,
            _ => OfText(text),
        };
    }

    /// <summary>The text itself.</summary>
    public static Literal OfText(string text) => new(Value.Text(Encoding.UTF8.GetBytes(text)), text);

    private static Literal? OfNumber(string text, byte[] bytes, in Value number)
    {
        if (number.Kind == ValueKind.Integer || text.AsSpan().ContainsAny('e', 'E'))
        {
            return new Literal(number, text);
        }

        return NumberReader.TryReadDecimal(bytes, out var exact) == NumberStatus.Number
            ? new Literal(Value.Decimal(exact), text)
            : null;
    }
}
