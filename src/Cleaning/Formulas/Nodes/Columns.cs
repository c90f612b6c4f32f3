namespace OrleansClean.Cleaning.Formulas;

/// <summary>A value that stands in the formula, or that is the same in every row.</summary>
internal sealed class ConstantNode(Value value, ColumnType type) : Expression
{
    private readonly Value _value = value;

    public override ColumnType Type { get; } = type;

    public ref readonly Value Value => ref _value;

    public override void Evaluate(EvaluationContext context, out Value value) => value = _value;
}

/// <summary>A column's value as it is: text for an untyped one, else what a step typed it to.</summary>
internal sealed class ColumnValue(ColumnBinding column) : Expression
{
    private readonly int _slot = column.Slot;

    public ColumnBinding Column { get; } = column;

    public override ColumnType Type { get; } = column.Type;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        context.Row.ReadValue(_slot, out value);

        // A step that keeps what it could not parse leaves text in a typed column.
        if (value.Kind == ValueKind.Text && Type > ColumnType.Text)
        {
            value = context.Fail(FormulaProblems.NotOfType(Column, Type.ToString().ToLowerInvariant(), value));
        }
    }
}

/// <summary>A column's text as it stands in the cell, whatever its type.</summary>
internal sealed class ColumnText(ColumnBinding column) : Expression
{
    private readonly int _slot = column.Slot;

    public ColumnBinding Column { get; } = column;

    public override ColumnType Type => ColumnType.Text;

    public override void Evaluate(EvaluationContext context, out Value value) => context.Row.ReadText(_slot, out value);
}

/// <summary>An untyped column read as a number.</summary>
internal sealed class ColumnNumber(ColumnBinding column) : Expression
{
    private readonly int _slot = column.Slot;

    public ColumnBinding Column { get; } = column;

    public override ColumnType Type => ColumnType.Number;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        context.Row.ReadValue(_slot, out value);
        if (value.Kind == ValueKind.Text)
        {
            var text = value;
            var status = NumberReader.TryRead(text.AsText, out value);
            if (status != NumberStatus.Number)
            {
                value = status == NumberStatus.Blank ? Value.Null : Fail(context, text);
            }
        }
    }

    internal override Outcome ToDouble(EvaluationContext context, out double number)
    {
        context.Row.ReadValue(_slot, out var value);
        if (value.Kind != ValueKind.Text)
        {
            return Numbers.ToDouble(value, out number);
        }

        var status = NumberReader.TryReadDouble(value.AsText, out number);
        if (status == NumberStatus.Number)
        {
            return Outcome.Value;
        }

        if (status == NumberStatus.Blank)
        {
            return Outcome.Null;
        }

        Fail(context, value);
        return Outcome.Error;
    }

    /// <summary>Records that the cell is no number.</summary>
    public Value Fail(EvaluationContext context, in Value text) =>
        context.Fail(FormulaProblems.NotOfType(Column, "number", text));
}

/// <summary>An untyped result, such as one of <c>coalesce</c>, read as a number.</summary>
internal sealed class ReadNumber(Expression operand, ColumnBinding? column) : Expression
{
    public override ColumnType Type => ColumnType.Number;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        operand.Evaluate(context, out value);
        if (value.Kind == ValueKind.Text)
        {
            var text = value;
            value = NumberReader.TryRead(text.AsText, out var number) switch
            {
                NumberStatus.Number => number,
                NumberStatus.Blank => Value.Null,
                _ => context.Fail(FormulaProblems.NotOfType(column, "number", text)),
            };
        }
    }
}

/// <summary>Any value as its plain text.</summary>
internal sealed class PlainText(Expression operand) : Expression
{
    public override ColumnType Type => ColumnType.Text;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        operand.Evaluate(context, out value);
        if (value.Kind is ValueKind.Text or ValueKind.Null or ValueKind.Error)
        {
            return;
        }

        value = ValueText.Format(value, context.Row.Arena);
        if (value.Kind == ValueKind.Error)
        {
            value = context.Fail(FormulaProblems.TooMuchText);
        }
    }
}

/// <summary>A result that is an integer or decimal in some rows, made a decimal or double in all.</summary>
internal sealed class Widened(Expression operand, ColumnType type) : Expression
{
    public override ColumnType Type { get; } = type;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        operand.Evaluate(context, out value);
        switch (Type)
        {
            case ColumnType.Decimal when value.Kind == ValueKind.Integer:
                value = Value.Decimal(value.AsInteger);
                break;
            case ColumnType.Number when value.Kind == ValueKind.Decimal:
                value = Value.Number((double)value.AsDecimal);
                break;
            case ColumnType.DateTime when value.Kind == ValueKind.Date:
                value = Value.DateTime(value.AsDate.ToDateTime(default));
                break;
        }
    }
}

/// <summary>The result of an aggregate, measured before.</summary>
internal sealed class AggregateResult(AggregateKind kind, int index, ColumnType type) : Expression
{
    private readonly Problem _problem =
        FormulaProblems.Expression($"{kind.ToString().ToLowerInvariant()}() has a result larger than its type can hold.");

    public override ColumnType Type { get; } = type;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        value = context.Aggregates[index];
        if (value.Kind == ValueKind.Error)
        {
            context.Fail(_problem);
        }
    }
}

/// <summary>
/// A formula whose aggregates read more than the formula itself does: what they cannot read costs the row, in this pass as
/// in the measuring one.
/// </summary>
internal sealed class Guarded(Expression root, Expression[] guards) : Expression
{
    public override ColumnType Type => root.Type;

    public override void Evaluate(EvaluationContext context, out Value value)
    {
        if (Passes(context))
        {
            root.Evaluate(context, out value);
        }
        else
        {
            value = Value.Error;
        }
    }

    public override Truth Test(EvaluationContext context) => Passes(context) ? root.Test(context) : Truth.Error;

    private bool Passes(EvaluationContext context)
    {
        foreach (var guard in guards)
        {
            guard.Evaluate(context, out var value);
            if (value.Kind == ValueKind.Error)
            {
                return false;
            }
        }

        return true;
    }
}
