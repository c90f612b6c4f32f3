namespace OrleansClean.Cleaning.Formulas;

/// <summary><c>a / b</c>: always doubles.</summary>
internal sealed class Division(Expression left, Expression right) : Expression
{
    public override ColumnType Type => ColumnType.Number;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        value = ToDouble(context, out var number) switch
        {
            Outcome.Value => Value.Number(number),
            Outcome.Null => Value.Null,
            _ => Value.Error,
        };
    }

    internal override Outcome ToDouble(EvaluationContext context, out double number)
    {
        var first = left.ToDouble(context, out var dividend);
        var second = right.ToDouble(context, out var divisor);
        number = 0;

        // An error on either side wins over null, so that a bad cell never hides behind an empty one.
        if ((first | second) != Outcome.Value)
        {
            return first == Outcome.Error || second == Outcome.Error ? Outcome.Error : Outcome.Null;
        }

        number = dividend / divisor;
        if (double.IsFinite(number))
        {
            return Outcome.Value;
        }

        context.Fail(divisor == 0 ? FormulaProblems.DivisionByZero : FormulaProblems.NotFinite);
        return Outcome.Error;
    }
}

/// <summary>One operator between two numbers.</summary>
internal sealed class ArithmeticPair(ArithmeticOperator op, Expression left, Expression right, ColumnType type) : Expression
{
    private readonly bool _isExact = type != ColumnType.Number;

    public override ColumnType Type { get; } = type;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        left.Evaluate(context, out var first);
        right.Evaluate(context, out var second);
        if (Nulls.Any(first, second, out value))
        {
            return;
        }

        Numbers.Apply(context, op, _isExact, first, second, out value);
    }
}

/// <summary>Many operands, from left to right without recursion: a long chain must not cost stack.</summary>
internal sealed class ArithmeticChain(ArithmeticOperator[] operators, Expression[] operands, ColumnType[] types) : Expression
{
    public override ColumnType Type { get; } = types[^1];

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        operands[0].Evaluate(context, out value);
        for (var i = 1; i < operands.Length; i++)
        {
            var left = value;
            operands[i].Evaluate(context, out var right);
            if (!Nulls.Any(left, right, out value))
            {
                Numbers.Apply(context, operators[i - 1], types[i] != ColumnType.Number, left, right, out value);
            }
        }
    }
}

/// <summary><c>-x</c>.</summary>
internal sealed class Negation(Expression operand) : Expression
{
    public override ColumnType Type => operand.Type;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        operand.Evaluate(context, out value);
        value = value.Kind switch
        {
            ValueKind.Integer when value.AsInteger == long.MinValue => context.Fail(FormulaProblems.Overflow),
            ValueKind.Integer => Value.Integer(-value.AsInteger),
            ValueKind.Number => Value.Number(-value.AsNumber),
            ValueKind.Decimal => Value.Decimal(-value.AsDecimal),
            _ => value,
        };
    }
}

/// <summary>Functions of null are null; of an error, the error.</summary>
internal static class Nulls
{
    /// <summary>True if one of two operands is null or an error; <paramref name="result"/> is then the outcome.</summary>
    public static bool Any(in Value first, in Value second, out Value result)
    {
        if (first.Kind is not (ValueKind.Null or ValueKind.Error) && second.Kind is not (ValueKind.Null or ValueKind.Error))
        {
            result = default;
            return false;
        }

        result = first.Kind == ValueKind.Error || second.Kind == ValueKind.Error ? Value.Error : Value.Null;
        return true;
    }

    /// <summary>As <see cref="Any(in Value, in Value, out Value)"/>, as a truth.</summary>
    public static Truth Of(in Value first, in Value second) =>
        first.Kind == ValueKind.Error || second.Kind == ValueKind.Error ? Truth.Error : Truth.Null;

    /// <summary>True if a value is neither null nor an error.</summary>
    public static bool IsPresent(in Value value) => value.Kind is not (ValueKind.Null or ValueKind.Error);
}
