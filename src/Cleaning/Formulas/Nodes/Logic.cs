namespace OrleansClean.Cleaning.Formulas;

/// <summary>
/// <c>a and b and …</c>: false as soon as one is false, from the left; else null if one is null. An operand behind a false
/// one is not looked at.
/// </summary>
internal sealed class Conjunction(Expression[] operands) : Condition
{
    public override Truth Test(EvaluationContext context)
    {
        var result = Truth.True;
        foreach (var operand in operands)
        {
            var truth = operand.Test(context);
            if (truth is Truth.False or Truth.Error)
            {
                return truth;
            }

            result = truth == Truth.Null ? truth : result;
        }

        return result;
    }
}

/// <summary><c>a or b or …</c>: true as soon as one is true, from the left; else null if one is null.</summary>
internal sealed class Disjunction(Expression[] operands) : Condition
{
    public override Truth Test(EvaluationContext context)
    {
        var result = Truth.False;
        foreach (var operand in operands)
        {
            var truth = operand.Test(context);
            if (truth is Truth.True or Truth.Error)
            {
                return truth;
            }

            result = truth == Truth.Null ? truth : result;
        }

        return result;
    }
}

/// <summary><c>not a</c>: null stays null.</summary>
internal sealed class Inversion(Expression operand) : Condition
{
    public override Truth Test(EvaluationContext context)
    {
        var truth = operand.Test(context);
        return truth switch
        {
            Truth.True => Truth.False,
            Truth.False => Truth.True,
            _ => truth,
        };
    }
}

/// <summary><c>x is null</c>: never null itself.</summary>
internal sealed class NullTest(Expression operand, bool isNegated) : Condition
{
    public override Truth Test(EvaluationContext context)
    {
        operand.Evaluate(context, out var value);
        return value.Kind == ValueKind.Error ? Truth.Error : Of(value.IsNull != isNegated);
    }
}

/// <summary><c>case when … end</c> and <c>if()</c>: the first branch whose condition is true; null if there is none.</summary>
internal sealed class Choice(Expression[] conditions, Expression[] results, ColumnType type) : Expression
{
    public override ColumnType Type { get; } = type;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        for (var i = 0; i < conditions.Length; i++)
        {
            var truth = conditions[i].Test(context);
            if (truth == Truth.True)
            {
                results[i].Evaluate(context, out value);
                return;
            }

            if (truth == Truth.Error)
            {
                value = Value.Error;
                return;
            }
        }

        // One result more than conditions is the one for "else".
        value = Value.Null;
        if (results.Length > conditions.Length)
        {
            results[^1].Evaluate(context, out value);
        }
    }
}

/// <summary><c>coalesce(a, b, …)</c>: the first that is not null.</summary>
internal sealed class FirstPresent(Expression[] operands, ColumnType type) : Expression
{
    public override ColumnType Type { get; } = type;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        value = Value.Null;
        foreach (var operand in operands)
        {
            operand.Evaluate(context, out value);
            if (!value.IsNull)
            {
                return;
            }
        }
    }
}

/// <summary><c>nullif(a, b)</c>: null if the two are equal, else the first.</summary>
internal sealed class NullIf(Expression operand, Expression isEqual) : Expression
{
    public override ColumnType Type => operand.Type;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        var truth = isEqual.Test(context);
        if (truth == Truth.Error)
        {
            value = Value.Error;
        }
        else if (truth == Truth.True)
        {
            value = Value.Null;
        }
        else
        {
            operand.Evaluate(context, out value);
        }
    }
}
