namespace OrleansClean.Cleaning.Formulas;

/// <summary>An expression that is true, false or null: it answers <see cref="Test"/> without building a value.</summary>
internal abstract class Condition : Expression
{
    public sealed override ColumnType Type => ColumnType.Boolean;

    public sealed override void Evaluate(EvaluationContext context, out Value value) => value = Test(context) switch
    {
        Truth.True => Value.Boolean(true),
        Truth.False => Value.Boolean(false),
        Truth.Null => Value.Null,
        _ => Value.Error,
    };

    public abstract override Truth Test(EvaluationContext context);

    protected static Truth Of(bool isTrue) => isTrue ? Truth.True : Truth.False;
}

/// <summary>An untyped or numeric column against a number of the plan: one virtual call, no value built.</summary>
internal sealed class ColumnAgainstNumber : Condition
{
    private readonly ColumnNumber _column;
    private readonly int _slot;
    private readonly ComparisonOperator _operator;
    private readonly Value _limit;
    private readonly double _double;
    private readonly bool _isSafe;

    public ColumnAgainstNumber(ColumnNumber column, ComparisonOperator op, in Value limit)
    {
        _column = column;
        _slot = column.Column.Slot;
        _operator = op;
        _limit = limit;
        _double = Numbers.AsDouble(limit);

        // Up to here integers are exact as doubles; a cell beyond is farther away than any rounding of it.
        _isSafe = Math.Abs(_double) < 1L << 52 && (limit.Kind != ValueKind.Decimal || (decimal)_double == limit.AsDecimal);
    }

    public override Truth Test(EvaluationContext context)
    {
        context.Row.ReadValue(_slot, out var value);
        if (value.Kind != ValueKind.Text || !_isSafe)
        {
            return TestSlowly(context);
        }

        var status = NumberReader.TryReadDouble(value.AsText, out var number);
        if (status != NumberStatus.Number)
        {
            return status == NumberStatus.Blank ? Truth.Null : Fail(context, value);
        }

        return Of(_operator switch
        {
            ComparisonOperator.Equal => number == _double,
            ComparisonOperator.NotEqual => number != _double,
            ComparisonOperator.Less => number < _double,
            ComparisonOperator.LessOrEqual => number <= _double,
            ComparisonOperator.Greater => number > _double,
            _ => number >= _double,
        });
    }

    private Truth TestSlowly(EvaluationContext context)
    {
        _column.Evaluate(context, out var value);
        return Nulls.IsPresent(value)
            ? Of(Operators.Holds(_operator, Numbers.Compare(value, _limit)))
            : Nulls.Of(value, value);
    }

    private Truth Fail(EvaluationContext context, in Value text)
    {
        _column.Fail(context, text);
        return Truth.Error;
    }
}

/// <summary>Two numbers.</summary>
internal sealed class NumberComparison(ComparisonOperator op, Expression left, Expression right) : Condition
{
    public override Truth Test(EvaluationContext context)
    {
        left.Evaluate(context, out var first);
        right.Evaluate(context, out var second);
        return Nulls.IsPresent(first) && Nulls.IsPresent(second)
            ? Of(Operators.Holds(op, Numbers.Compare(first, second)))
            : Nulls.Of(first, second);
    }
}

/// <summary>Two texts, by code point: the order of UTF-8 bytes is the order of code points.</summary>
internal sealed class TextComparison(ComparisonOperator op, Expression left, Expression right) : Condition
{
    public override Truth Test(EvaluationContext context)
    {
        left.Evaluate(context, out var first);
        right.Evaluate(context, out var second);
        if (!Nulls.IsPresent(first) || !Nulls.IsPresent(second))
        {
            return Nulls.Of(first, second);
        }

        return Of(op switch
        {
            ComparisonOperator.Equal => first.AsText.SequenceEqual(second.AsText),
            ComparisonOperator.NotEqual => !first.AsText.SequenceEqual(second.AsText),
            _ => Operators.Holds(op, first.AsText.SequenceCompareTo(second.AsText)),
        });
    }
}

/// <summary>Two days or times; a day is its midnight.</summary>
internal sealed class TimeComparison(ComparisonOperator op, Expression left, Expression right) : Condition
{
    public override Truth Test(EvaluationContext context)
    {
        left.Evaluate(context, out var first);
        right.Evaluate(context, out var second);
        return Nulls.IsPresent(first) && Nulls.IsPresent(second)
            ? Of(Operators.Holds(op, Times.Ticks(first).CompareTo(Times.Ticks(second))))
            : Nulls.Of(first, second);
    }
}

/// <summary>Days and times as one scale.</summary>
internal static class Times
{
    public static long Ticks(in Value value) => AsTime(value).Ticks;

    public static DateTime AsTime(in Value value) =>
        value.Kind == ValueKind.Date ? value.AsDate.ToDateTime(default) : value.AsDateTime;
}

/// <summary>Two conditions compared; false comes before true.</summary>
internal sealed class BooleanComparison(ComparisonOperator op, Expression left, Expression right) : Condition
{
    public override Truth Test(EvaluationContext context)
    {
        var first = left.Test(context);
        var second = right.Test(context);
        if (first <= Truth.True && second <= Truth.True)
        {
            return Of(Operators.Holds(op, first.CompareTo(second)));
        }

        return first == Truth.Error || second == Truth.Error ? Truth.Error : Truth.Null;
    }
}
