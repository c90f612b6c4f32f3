using System.Runtime.CompilerServices;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>How an evaluation ended.</summary>
internal enum Outcome : byte
{
    Value,
    Null,
    Error,
}

/// <summary>Rules between values that are numbers: integers, decimals and doubles.</summary>
internal static class Numbers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Outcome ToDouble(in Value value, out double number)
    {
        switch (value.Kind)
        {
            case ValueKind.Number:
                number = value.AsNumber;
                return Outcome.Value;
            case ValueKind.Integer:
                number = value.AsInteger;
                return Outcome.Value;
            case ValueKind.Decimal:
                number = (double)value.AsDecimal;
                return Outcome.Value;
            default:
                number = 0;
                return value.Kind == ValueKind.Null ? Outcome.Null : Outcome.Error;
        }
    }

    /// <summary>The double nearest to a number.</summary>
    public static double AsDouble(in Value value)
    {
        ToDouble(value, out var number);
        return number;
    }

    /// <summary>Compares exactly where both sides are exact, else as doubles.</summary>
    public static int Compare(in Value left, in Value right)
    {
        if (left.Kind == ValueKind.Integer && right.Kind == ValueKind.Integer)
        {
            return left.AsInteger.CompareTo(right.AsInteger);
        }

        return left.Kind == ValueKind.Number || right.Kind == ValueKind.Number
            ? AsDouble(left).CompareTo(AsDouble(right))
            : AsDecimal(left).CompareTo(AsDecimal(right));
    }

    /// <summary>An integer or decimal as a decimal, exactly.</summary>
    public static decimal AsDecimal(in Value value) =>
        value.Kind == ValueKind.Integer ? value.AsInteger : value.AsDecimal;

    /// <summary>A double as a value, if it is finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(EvaluationContext context, double number, out Value value) =>
        value = double.IsFinite(number) ? Value.Number(number) : context.Fail(FormulaProblems.NotFinite);

    /// <summary>
    /// Applies an operator to two numbers. Integers stay integers, integers and decimals give decimals, anything with a
    /// double gives a double, and so does every division.
    /// </summary>
    public static void Apply(
        EvaluationContext context,
        ArithmeticOperator op,
        bool isExact,
        in Value left,
        in Value right,
        out Value result)
    {
        if (op == ArithmeticOperator.Divide)
        {
            Divide(context, AsDouble(left), AsDouble(right), out result);
        }
        else if (left.Kind == ValueKind.Integer && right.Kind == ValueKind.Integer)
        {
            ApplyIntegers(context, op, left.AsInteger, right.AsInteger, out result);
        }
        else if (isExact)
        {
            ApplyDecimals(context, op, AsDecimal(left), AsDecimal(right), out result);
        }
        else
        {
            ApplyDoubles(context, op, AsDouble(left), AsDouble(right), out result);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Divide(EvaluationContext context, double left, double right, out Value result)
    {
        if (right == 0)
        {
            result = context.Fail(FormulaProblems.DivisionByZero);
        }
        else
        {
            Store(context, left / right, out result);
        }
    }

    private static void ApplyIntegers(EvaluationContext context, ArithmeticOperator op, long left, long right, out Value result)
    {
        long number;
        bool overflows;
        switch (op)
        {
            case ArithmeticOperator.Add:
                number = unchecked(left + right);
                overflows = ((left ^ number) & (right ^ number)) < 0;
                break;
            case ArithmeticOperator.Subtract:
                number = unchecked(left - right);
                overflows = ((left ^ right) & (left ^ number)) < 0;
                break;
            case ArithmeticOperator.Multiply:
                var high = Math.BigMul(left, right, out number);
                overflows = high != number >> 63;
                break;
            default:
                if (right == 0)
                {
                    result = context.Fail(FormulaProblems.DivisionByZero);
                    return;
                }

                // The processor traps on long.MinValue % -1, whose result is 0.
                (number, overflows) = (right == -1 ? 0 : left % right, false);
                break;
        }

        result = overflows ? context.Fail(FormulaProblems.Overflow) : Value.Integer(number);
    }

    private static void ApplyDecimals(EvaluationContext context, ArithmeticOperator op, decimal left, decimal right, out Value result)
    {
        if (op == ArithmeticOperator.Modulo && right == 0)
        {
            result = context.Fail(FormulaProblems.DivisionByZero);
            return;
        }

        try
        {
            result = Value.Decimal(op switch
            {
                ArithmeticOperator.Add => left + right,
                ArithmeticOperator.Subtract => left - right,
                ArithmeticOperator.Multiply => left * right,
                _ => decimal.Remainder(left, right),
            });
        }
        catch (OverflowException)
        {
            // The type offers no other way to learn of it.
            result = context.Fail(FormulaProblems.Overflow);
        }
    }

    private static void ApplyDoubles(EvaluationContext context, ArithmeticOperator op, double left, double right, out Value result)
    {
        if (op == ArithmeticOperator.Modulo && right == 0)
        {
            result = context.Fail(FormulaProblems.DivisionByZero);
            return;
        }

        Store(
            context,
            op switch
            {
                ArithmeticOperator.Add => left + right,
                ArithmeticOperator.Subtract => left - right,
                ArithmeticOperator.Multiply => left * right,
                _ => left % right,
            },
            out result);
    }
}
