using System.Collections.Immutable;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>A node with its static type; the type is null for the literal null, which goes with every other.</summary>
internal sealed record Bound(FormulaSyntax Syntax, Expression Node, ColumnType? Type)
{
    public bool IsConstant => Node is ConstantNode;

    /// <summary>The column that the node is, if it is one.</summary>
    public ColumnBinding? Column => (Node as ColumnValue)?.Column;
}

/// <summary>
/// Gives every node of a formula its type and builds the expressions. Methods return null once a problem was told.
/// </summary>
internal sealed partial class FormulaBinder(IFormulaScope scope, ICollection<PlanProblem> problems)
{
    private readonly Row _noRow = new(0, 0, []);
    private readonly ImmutableArray<AggregateUse>.Builder _aggregates = ImmutableArray.CreateBuilder<AggregateUse>();
    private readonly List<(FormulaSyntax Syntax, Expression Node)> _parts = [];
    private readonly List<(FormulaSyntax Syntax, Expression Node)> _arguments = [];
    private readonly SortedSet<string> _columns = new(StringComparer.Ordinal);
    private HashSet<FormulaSyntax> _everyRow = [];

    public CompiledFormula? Compile(FormulaSyntax syntax, bool isCondition)
    {
        _everyRow = EveryRow.PartsOf(syntax);
        var before = problems.Count;
        var bound = isCondition ? null : Value(syntax);
        var root = isCondition ? Condition(syntax) : bound?.Node;
        if (root is null || problems.Count > before)
        {
            return null;
        }

        // A part that the formula evaluates anyway needs no guard, and is measured once.
        var guards = _arguments
            .Where(argument => !_parts.Exists(part => IsSamePart(part, argument)))
            .ToArray();
        if (guards.Length > 0)
        {
            root = new Guarded(root, [.. guards.Select(guard => guard.Node)]);
        }

        return new CompiledFormula(
            root,
            _aggregates.ToImmutable(),
            [.. _parts.Concat(guards).Select(part => part.Node)],
            [.. _columns]);
    }

    public Expression? Problem(SourcePosition at, string message, string? hint = null)
    {
        problems.Add(new PlanProblem(at, message, hint));
        return null;
    }

    /// <summary>The node as a value of its own type.</summary>
    public Bound? Value(FormulaSyntax syntax)
    {
        var bound = Bind(syntax);
        if (bound is not null)
        {
            Keep(syntax, bound.Node);
        }

        return bound;
    }

    private Bound? Bind(FormulaSyntax syntax)
    {
        if (syntax is FormulaSyntax.Constant constant)
        {
            return new Bound(syntax, new ConstantNode(constant.Value, Types.Of(constant.Value)), constant.Value.IsNull ? null : Types.Of(constant.Value));
        }

        var node = syntax switch
        {
            FormulaSyntax.Column column => BindColumn(column),
            FormulaSyntax.Negate negate => Number(negate.Operand) is { } operand ? new Negation(operand) : null,
            FormulaSyntax.Not not => Condition(not.Operand) is { } operand ? new Inversion(operand) : null,
            FormulaSyntax.Arithmetic arithmetic => BindArithmetic(arithmetic),
            FormulaSyntax.Logic logic => BindLogic(logic),
            FormulaSyntax.Comparison comparison => BindComparison(comparison),
            FormulaSyntax.IsNull test => Value(test.Operand) is { } operand ? new NullTest(operand.Node, test.IsNegated) : null,
            FormulaSyntax.In list => BindIn(list),
            FormulaSyntax.Between range => BindBetween(range),
            FormulaSyntax.Like like => Text(like.Operand) is { } operand
                ? new LikeMatch(operand, new LikePattern(like.Pattern), like.IsNegated)
                : null,
            FormulaSyntax.Matches match => Text(match.Operand) is { } operand
                ? new PatternMatch(operand, match.Pattern, match.IsNegated)
                : null,
            FormulaSyntax.Case choice => BindCase(choice),
            FormulaSyntax.Call call => call.Function.Bind(new CallBinder(this, call)),
            FormulaSyntax.Aggregate aggregate => BindAggregate(aggregate),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        node = node is null ? null : Fold(syntax, node);
        return node is null ? null : new Bound(syntax, node, node.Type);
    }

    private ColumnValue? BindColumn(FormulaSyntax.Column column)
    {
        var binding = scope.FindColumn(column.Name);
        if (binding is null)
        {
            var hint = Nearest.Hint(column.Name, scope.ColumnNames);
            Problem(column.At, $"There is no column {Quoted.Text(column.Name)} at this step.", hint ?? Columns());
            return null;
        }

        _columns.Add(column.Name);
        return new ColumnValue(binding);
    }

    private string Columns()
    {
        var names = scope.ColumnNames.Take(11).Select(Shown.Shorten).ToArray();
        var others = names.Length > 10 ? " and others" : "";
        return names.Length == 0 ? "There are no columns." : $"There are {Quoted.Choice(names.Take(10), "and")}{others}.";
    }

    private AggregateResult? BindAggregate(FormulaSyntax.Aggregate aggregate)
    {
        Expression? argument = null;
        if (aggregate.Argument is { } syntax && (argument = AggregateArgument(aggregate.Kind, syntax)) is null)
        {
            return null;
        }

        if (argument is not null)
        {
            _arguments.Add((aggregate.Argument!, argument));
        }

        var index = scope.NextAggregate();
        _aggregates.Add(new AggregateUse(aggregate.Kind, argument, index));
        return new AggregateResult(aggregate.Kind, index, Types.OfAggregate(aggregate.Kind, argument?.Type));
    }

    private Expression? AggregateArgument(AggregateKind kind, FormulaSyntax syntax)
    {
        if (kind == AggregateKind.Count)
        {
            return Bind(syntax)?.Node;
        }

        // Smallest and largest make sense for days and words too; the others for numbers only.
        var bound = Bind(syntax);
        return bound switch
        {
            null => null,
            { Type: ColumnType.Date or ColumnType.DateTime or ColumnType.Text, IsConstant: false }
                when kind is AggregateKind.Min or AggregateKind.Max => bound.Node,
            _ => AsNumber(bound),
        };
    }

    /// <summary>Remembers the node of a part that is evaluated in every row, as its user needs it.</summary>
    private T? Keep<T>(FormulaSyntax syntax, T? node)
        where T : Expression
    {
        if (node is not null && _everyRow.Contains(syntax))
        {
            _parts.RemoveAll(part => ReferenceEquals(part.Syntax, syntax));
            _parts.Add((syntax, node));
        }

        return node;
    }

    private static bool IsSamePart((FormulaSyntax Syntax, Expression Node) a, (FormulaSyntax Syntax, Expression Node) b) =>
        a.Node.GetType() == b.Node.GetType()
        && string.Equals(a.Syntax.ToCanonical(), b.Syntax.ToCanonical(), StringComparison.Ordinal);

    /// <summary>What has no column, aggregate or clock below it is the same in every row: it is evaluated now.</summary>
    private Expression? Fold(FormulaSyntax syntax, Expression node)
    {
        if (!IsConstant(syntax))
        {
            return node;
        }

        _noRow.Arena.Reset();
        var context = new EvaluationContext(_noRow, default);
        node.Evaluate(context, out var value);
        if (value.Kind == ValueKind.Error)
        {
            return Problem(syntax.At, $"This fails in every row: {context.Problem?.Message ?? "no result."}");
        }

        // A text lies in an arena that the next folding takes over.
        return new ConstantNode(value.Kind == ValueKind.Text ? Cleaning.Value.Text(value.AsText.ToArray()) : value, node.Type);
    }

    private static bool IsConstant(FormulaSyntax syntax) =>
        syntax is not (FormulaSyntax.Column or FormulaSyntax.Aggregate or FormulaSyntax.Call { Function.ReadsClock: true })
        && syntax.Children.All(IsConstant);
}
