using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// Reads numbers as people write them: with a currency sign or unit, a decimal point of choice, and thousands separators
/// in groups of three. Number and decimal keep their digits as written; integer and <c>decimal(p,s)</c> have one form.
/// </summary>
internal sealed class NumberCellReader(ColumnParse parse) : CellReader
{
    private readonly NumberCellForm? _form = NumberCellForm.For(parse);
    private readonly bool _isUsualNumber = parse.Type == ColumnType.Number && NumberCellForm.For(parse) is null;
    private readonly decimal _limit = Power(parse.Precision - (parse.Scale ?? 0));

    public override string Expected { get; } = TypeName.Of(parse);

    public override CellStatus Read(in Value text, TextArena arena, out Value typed, out Value plain)
    {
        // Most cells of most columns: they keep their text.
        if (_isUsualNumber && NumberReader.TryReadShort(text.AsText, out var number))
        {
            typed = Value.Number(number);
            plain = text;
            return CellStatus.Plain;
        }

        return ReadAny(text, arena, out typed, out plain);
    }

    private CellStatus ReadAny(in Value text, TextArena arena, out Value typed, out Value plain)
    {
        typed = plain = Value.Null;
        var trimmed = text.AsText.Trim(" \t"u8);
        if (trimmed.IsEmpty)
        {
            return CellStatus.Blank;
        }

        if (_form is not null && !_form.TryStrip(trimmed, out trimmed))
        {
            return CellStatus.Wrong;
        }

        switch (parse.Type)
        {
            case ColumnType.Integer:
                if (NumberReader.TryReadInteger(trimmed, out var integer) != NumberStatus.Number)
                {
                    return CellStatus.Wrong;
                }

                typed = Value.Integer(integer);
                return Settle(text, typed, arena, out plain);
            case ColumnType.Number:
                if (NumberReader.TryReadDouble(trimmed, out var number) != NumberStatus.Number)
                {
                    return CellStatus.Wrong;
                }

                typed = Value.Number(number);
                return Settle(text, trimmed, arena, out plain);
            default:
                return ReadDecimal(text, trimmed, arena, out typed, out plain);
        }
    }

    private CellStatus ReadDecimal(in Value text, ReadOnlySpan<byte> trimmed, TextArena arena, out Value typed, out Value plain)
    {
        typed = plain = Value.Null;
        if (NumberReader.TryReadDecimal(trimmed, out var number) != NumberStatus.Number)
        {
            return CellStatus.Wrong;
        }

        if (parse.Scale is not { } scale)
        {
            typed = Value.Decimal(number);
            return Settle(text, trimmed, arena, out plain);
        }

        // Digits that do not fit are never cut off in silence; zeros behind the last place may go.
        var rounded = decimal.Round(number, scale);
        if (rounded != number || Math.Abs(rounded) >= _limit)
        {
            return CellStatus.Wrong;
        }

        // Adding a zero of that scale brings the missing places, and takes the sign off a zero.
        rounded = (rounded == 0 ? 0 : rounded) + new decimal(0, 0, 0, isNegative: false, (byte)scale);
        typed = Value.Decimal(rounded);
        return Settle(text, typed, arena, out plain);
    }

    private static decimal Power(int exponent)
    {
        var power = 1m;
        for (var i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }
}
