using System.Collections.Immutable;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Arithmetic, logic, comparisons and choices.</summary>
internal sealed partial class FormulaBinder
{
    private Expression? BindArithmetic(FormulaSyntax.Arithmetic arithmetic)
    {
        var operands = arithmetic.Operands.Select(Number).ToArray();
        if (operands.Any(operand => operand is null))
        {
            return null;
        }

        var types = new ColumnType[operands.Length];
        types[0] = TypeOf(operands[0]!);
        for (var i = 1; i < types.Length; i++)
        {
            types[i] = Types.OfArithmetic(arithmetic.Operators[i - 1], types[i - 1], TypeOf(operands[i]!));
        }

        if (operands.Length > 2)
        {
            return new ArithmeticChain([.. arithmetic.Operators], operands!, types);
        }

        return arithmetic.Operators[0] == ArithmeticOperator.Divide
            ? new Division(operands[0]!, operands[1]!)
            : new ArithmeticPair(arithmetic.Operators[0], operands[0]!, operands[1]!, types[1]);
    }

    /// <summary>The literal null goes with every number.</summary>
    private static ColumnType TypeOf(Expression number) =>
        number.Type == ColumnType.Untyped ? ColumnType.Integer : number.Type;

    private Expression? BindLogic(FormulaSyntax.Logic logic)
    {
        var operands = logic.Operands.Select(Condition).ToArray();
        if (operands.Any(operand => operand is null))
        {
            return null;
        }

        return logic.IsAnd ? new Conjunction(operands!) : new Disjunction(operands!);
    }

    private Expression? BindComparison(FormulaSyntax.Comparison comparison)
    {
        var left = Value(comparison.Left);
        var right = Value(comparison.Right);
        return left is null || right is null ? null : Compare(comparison.Operator, left, right, comparison.At);
    }

    private Expression? BindBetween(FormulaSyntax.Between range)
    {
        var operand = Value(range.Operand);
        var low = Value(range.Low);
        var high = Value(range.High);
        if (operand is null || low is null || high is null
            || Compare(ComparisonOperator.GreaterOrEqual, operand, low, range.At) is not { } isAbove
            || Compare(ComparisonOperator.LessOrEqual, operand, high, range.At) is not { } isBelow)
        {
            return null;
        }

        var inside = new Conjunction([isAbove, isBelow]);
        return range.IsNegated ? new Inversion(inside) : inside;
    }

    private Expression? BindIn(FormulaSyntax.In list)
    {
        var operand = Value(list.Operand);
        var items = list.Items.Select(Value).ToArray();
        if (operand is null || items.Any(item => item is null))
        {
            return null;
        }

        var comparisons = items.Select(item => Compare(ComparisonOperator.Equal, operand, item!, item!.Syntax.At)).ToArray();
        if (comparisons.Any(comparison => comparison is null))
        {
            return null;
        }

        if (!items.All(item => item!.IsConstant))
        {
            return new AnyEqual(comparisons!, list.IsNegated);
        }

        var constants = items.Select(item => ((ConstantNode)item!.Node).Value).ToArray();
        if (constants.All(constant => constant.Kind == ValueKind.Text) && Types.IsText(operand.Type))
        {
            return new TextInList(Keep(list.Operand, AsText(operand))!, constants.Select(constant => constant.AsText.ToArray()), list.IsNegated);
        }

        return items.All(item => Types.IsNumeric(item!.Type)) && AsNumber(operand) is { } number
            ? new NumberInList(Keep(list.Operand, number)!, constants, list.IsNegated)
            : new AnyEqual(comparisons!, list.IsNegated);
    }

    private Choice? BindCase(FormulaSyntax.Case choice)
    {
        var operand = choice.Operand is null ? null : Value(choice.Operand);
        if (choice.Operand is not null && operand is null)
        {
            return null;
        }

        var conditions = choice.Branches
            .Select(branch => operand is null
                ? Condition(branch.When)
                : Value(branch.When) is { } when ? Compare(ComparisonOperator.Equal, operand, when, branch.When.At) : null)
            .ToArray();
        var results = choice.Branches.Select(branch => branch.Then).ToImmutableArray();
        var common = Common(choice.Else is null ? results : results.Add(choice.Else));
        return common is null || conditions.Any(condition => condition is null)
            ? null
            : new Choice(conditions!, common.Value.Nodes, common.Value.Type);
    }

    /// <summary>Compares two nodes by the rules of their types.</summary>
    public Expression? Compare(ComparisonOperator op, Bound left, Bound right, SourcePosition at)
    {
        if (left.Type is null || right.Type is null)
        {
            return new TextComparison(op, left.Node, right.Node);
        }

        if (Types.IsNumeric(left.Type) || Types.IsNumeric(right.Type))
        {
            return CompareNumbers(op, left, right);
        }

        if (Types.IsTime(left.Type) || Types.IsTime(right.Type))
        {
            return CompareTimes(op, left, right, at);
        }

        if (left.Type == ColumnType.Boolean && right.Type == ColumnType.Boolean)
        {
            return new BooleanComparison(op, left.Node, right.Node);
        }

        if (left.Type == ColumnType.Boolean || right.Type == ColumnType.Boolean)
        {
            return Incompatible(left, right, at, "A parsed boolean stands alone: `active`, or `not active`.");
        }

        return CompareTexts(op, left, right, at);
    }

    private Condition? CompareNumbers(ComparisonOperator op, Bound left, Bound right)
    {
        var first = Keep(left.Syntax, AsNumber(left));
        var second = Keep(right.Syntax, AsNumber(right));
        return (first, second) switch
        {
            (null, _) or (_, null) => null,
            (ColumnNumber column, ConstantNode limit) => new ColumnAgainstNumber(column, op, limit.Value),
            (ConstantNode limit, ColumnNumber column) => new ColumnAgainstNumber(column, Operators.Mirror(op), limit.Value),
            _ => new NumberComparison(op, first, second),
        };
    }

    private TimeComparison? CompareTimes(ComparisonOperator op, Bound left, Bound right, SourcePosition at)
    {
        var sides = new[] { left, right }.Select(side => side switch
        {
            _ when Types.IsTime(side.Type) => side.Node,
            { IsConstant: true, Type: ColumnType.Text } => TimeLiteral(side),
            { Type: ColumnType.Untyped } => Incompatible(left, right, at, TimeHint(Shown.Formula(side.Syntax))),
            _ => Incompatible(left, right, at, null),
        }).ToArray();
        return sides[0] is null || sides[1] is null ? null : new TimeComparison(op, sides[0]!, sides[1]!);
    }

    private Expression? CompareTexts(ComparisonOperator op, Bound left, Bound right, SourcePosition at)
    {
        if (Operators.IsOrder(op) && left.Type == ColumnType.Untyped && right.Type == ColumnType.Untyped)
        {
            return Problem(
                at,
                $"`{Shown.Formula(left.Syntax)}` and `{Shown.Formula(right.Syntax)}` are both untyped: it is not known whether they are numbers, dates or words.",
                "Parse them first, or write `to_number(…)` around one.");
        }

        if (op == ComparisonOperator.Equal && (IsEmptyOfColumn(left, right) || IsEmptyOfColumn(right, left)))
        {
            var column = left.IsConstant ? right : left;
            return Problem(at, "An empty cell is null, so it is never equal to `''`.", $"Write `{Shown.Formula(column.Syntax)} is null`.");
        }

        return new TextComparison(op, Keep(left.Syntax, AsText(left))!, Keep(right.Syntax, AsText(right))!);
    }

    private static bool IsEmptyOfColumn(Bound text, Bound column) =>
        text.Node is ConstantNode { Value: { Kind: ValueKind.Text, TextLength: 0 } } && column.Node is ColumnValue;

    private Expression? Incompatible(Bound left, Bound right, SourcePosition at, string? hint) =>
        Problem(
            at,
            $"`{Shown.Formula(left.Syntax)}` is {Types.Name(left.Type)} and `{Shown.Formula(right.Syntax)}` is {Types.Name(right.Type)}: they cannot be compared.",
            hint);
}
