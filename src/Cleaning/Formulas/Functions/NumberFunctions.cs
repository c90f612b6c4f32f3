namespace OrleansClean.Cleaning.Formulas;

/// <summary>Functions of numbers. Integers and decimals stay exact.</summary>
internal static class NumberFunctions
{
    private const double IntegerEnd = 9223372036854775808d;

    public static void Abs(EvaluationContext context, in Value x, out Value result) => result = x.Kind switch
    {
        ValueKind.Integer => x.AsInteger == long.MinValue
            ? context.Fail(FormulaProblems.Overflow)
            : Value.Integer(Math.Abs(x.AsInteger)),
        ValueKind.Decimal => Value.Decimal(Math.Abs(x.AsDecimal)),
        _ => Value.Number(Math.Abs(x.AsNumber)),
    };

    public static void Sign(EvaluationContext context, in Value x, out Value result) =>
        result = Value.Integer(Numbers.Compare(x, Value.Integer(0)));

    public static void Floor(EvaluationContext context, in Value x, out Value result) => result = x.Kind switch
    {
        ValueKind.Integer => x,
        ValueKind.Decimal => Value.Decimal(decimal.Floor(x.AsDecimal)),
        _ => Value.Number(Math.Floor(x.AsNumber)),
    };

    public static void Ceil(EvaluationContext context, in Value x, out Value result) => result = x.Kind switch
    {
        ValueKind.Integer => x,
        ValueKind.Decimal => Value.Decimal(decimal.Ceiling(x.AsDecimal)),
        _ => Value.Number(Math.Ceiling(x.AsNumber)),
    };

    public static void Trunc(EvaluationContext context, in Value x, out Value result) => result = x.Kind switch
    {
        ValueKind.Integer => x,
        ValueKind.Decimal => Value.Decimal(decimal.Truncate(x.AsDecimal)),
        _ => Value.Number(Math.Truncate(x.AsNumber)),
    };

    public static void Power(EvaluationContext context, in Value x, in Value y, out Value result) =>
        Numbers.Store(context, Math.Pow(Numbers.AsDouble(x), Numbers.AsDouble(y)), out result);

    /// <summary>A number that must be whole, as an argument such as a length.</summary>
    public static void Whole(EvaluationContext context, in Value x, out Value result)
    {
        if (!TryGetWhole(x, out var integer))
        {
            result = context.Fail(FormulaProblems.Expression("A whole number is needed here."));
            return;
        }

        result = Value.Integer(integer);
    }

    public static void IsNumber(EvaluationContext context, in Value text, out Value result) =>
        result = Value.Boolean(NumberReader.TryRead(text.AsText, out _) == NumberStatus.Number);

    public static void ToNumber(EvaluationContext context, in Value x, out Value result)
    {
        result = x;
        if (x.Kind == ValueKind.Decimal)
        {
            result = Value.Number((double)x.AsDecimal);
        }
        else if (x.Kind == ValueKind.Text)
        {
            result = NumberReader.TryRead(x.AsText, out var number) switch
            {
                NumberStatus.Number => number,
                NumberStatus.Blank => Value.Null,
                _ => context.Fail(FormulaProblems.NotOfType(null, "number", x)),
            };
        }
    }

    public static void ToInteger(EvaluationContext context, in Value x, out Value result)
    {
        ToNumber(context, x, out result);
        if (!Nulls.IsPresent(result))
        {
            return;
        }

        result = TryGetWhole(x.Kind == ValueKind.Decimal ? x : result, out var integer)
            ? Value.Integer(integer)
            : context.Fail(FormulaProblems.NotOfType(null, "integer", x));
    }

    public static void ToDecimal(EvaluationContext context, in Value x, out Value result)
    {
        if (x.Kind is ValueKind.Integer or ValueKind.Decimal)
        {
            result = Value.Decimal(Numbers.AsDecimal(x));
            return;
        }

        // A double is the decimal that its text shows.
        Span<byte> shortest = stackalloc byte[ValueText.LengthMax];
        var text = x.Kind == ValueKind.Number ? shortest[..ValueText.Format(x, shortest)] : x.AsText;
        result = NumberReader.TryReadDecimal(text, out var exact) switch
        {
            NumberStatus.Number => Value.Decimal(exact),
            NumberStatus.Blank => Value.Null,
            _ => context.Fail(FormulaProblems.NotOfType(null, "decimal", x)),
        };
    }

    private static bool TryGetWhole(in Value x, out long integer)
    {
        switch (x.Kind)
        {
            case ValueKind.Integer:
                integer = x.AsInteger;
                return true;
            case ValueKind.Decimal:
                var exact = x.AsDecimal;
                var fits = exact >= long.MinValue && exact <= long.MaxValue && decimal.Truncate(exact) == exact;
                integer = fits ? (long)exact : 0;
                return fits;
            default:
                var number = x.AsNumber;
                fits = number >= -IntegerEnd && number < IntegerEnd && Math.Truncate(number) == number;
                integer = fits ? (long)number : 0;
                return fits;
        }
    }
}

/// <summary>A conversion that the row may refuse, with the column in the problem if the argument is one.</summary>
internal sealed class Converted(Expression operand, Function1 function, ColumnBinding? column, ColumnType type) : Expression
{
    public override ColumnType Type { get; } = type;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        operand.Evaluate(context, out value);
        if (!Nulls.IsPresent(value))
        {
            return;
        }

        var argument = value;
        var isFirst = context.Problem is null;
        function(context, argument, out value);
        if (value.Kind == ValueKind.Error && isFirst && column is not null && context.Problem is { } problem)
        {
            context.Clear();
            context.Fail(problem with { Column = column.Name, ColumnIndex = column.SourceIndex });
        }
    }
}
