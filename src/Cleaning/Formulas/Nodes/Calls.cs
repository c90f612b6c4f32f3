namespace OrleansClean.Cleaning.Formulas;

/// <summary>A function of one value that is not null.</summary>
internal delegate void Function1(EvaluationContext context, in Value a, out Value result);

/// <summary>A function of two values that are not null.</summary>
internal delegate void Function2(EvaluationContext context, in Value a, in Value b, out Value result);

/// <summary>A function of three values that are not null.</summary>
internal delegate void Function3(EvaluationContext context, in Value a, in Value b, in Value c, out Value result);

/// <summary>A function of a row that takes no value.</summary>
internal delegate void Function0(EvaluationContext context, out Value result);

internal sealed class Call0(Function0 function, ColumnType type) : Expression
{
    public override ColumnType Type { get; } = type;

    public override void Evaluate(EvaluationContext context, out Value value) => function(context, out value);
}

/// <summary>Functions of null are null: they are not even called.</summary>
internal sealed class Call1(Function1 function, Expression a, ColumnType type) : Expression
{
    public override ColumnType Type { get; } = type;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        a.Evaluate(context, out value);
        if (Nulls.IsPresent(value))
        {
            var first = value;
            function(context, first, out value);
        }
    }
}

internal sealed class Call2(Function2 function, Expression a, Expression b, ColumnType type) : Expression
{
    public override ColumnType Type { get; } = type;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        a.Evaluate(context, out var first);
        b.Evaluate(context, out var second);
        if (!Nulls.Any(first, second, out value))
        {
            function(context, first, second, out value);
        }
    }
}

internal sealed class Call3(Function3 function, Expression a, Expression b, Expression c, ColumnType type) : Expression
{
    public override ColumnType Type { get; } = type;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        a.Evaluate(context, out var first);
        b.Evaluate(context, out var second);
        c.Evaluate(context, out var third);
        var isNull = Nulls.Any(first, second, out value);
        if (third.Kind is ValueKind.Null or ValueKind.Error)
        {
            value = value.Kind == ValueKind.Error || third.Kind == ValueKind.Error ? Value.Error : Value.Null;
        }
        else if (!isNull)
        {
            function(context, first, second, third, out value);
        }
    }
}

/// <summary><c>concat(a, b, …)</c>.</summary>
internal sealed class Concatenation(Expression[] operands) : Expression
{
    public override ColumnType Type => ColumnType.Text;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        operands[0].Evaluate(context, out value);
        for (var i = 1; i < operands.Length; i++)
        {
            var left = value;
            operands[i].Evaluate(context, out var right);
            if (!Nulls.Any(left, right, out value))
            {
                Join(context, left, right, out value);
            }
        }
    }

    private static void Join(EvaluationContext context, in Value left, in Value right, out Value value)
    {
        if (!context.Row.Arena.TryReserve(left.TextLength + right.TextLength, out var array, out var start))
        {
            value = context.Fail(FormulaProblems.TooMuchText);
            return;
        }

        left.AsText.CopyTo(array.AsSpan(start));
        right.AsText.CopyTo(array.AsSpan(start + left.TextLength));
        value = Value.Text(array, start, left.TextLength + right.TextLength);
    }
}

/// <summary><c>min_of(a, b, …)</c> and <c>max_of(a, b, …)</c>: of one row's values, not of all rows.</summary>
internal sealed class Extreme(Expression[] operands, bool isMax, ColumnType type) : Expression
{
    public override ColumnType Type { get; } = type;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        operands[0].Evaluate(context, out value);
        for (var i = 1; i < operands.Length; i++)
        {
            var left = value;
            operands[i].Evaluate(context, out var right);
            if (!Nulls.Any(left, right, out value))
            {
                var order = Type is ColumnType.Date or ColumnType.DateTime
                    ? Times.Ticks(left).CompareTo(Times.Ticks(right))
                    : Numbers.Compare(left, right);
                value = (isMax ? order >= 0 : order <= 0) ? left : right;
            }
        }
    }
}
