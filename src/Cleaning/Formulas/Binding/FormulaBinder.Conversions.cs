using System.Collections.Immutable;
using System.Text;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>What a place in a formula asks of the node that stands there.</summary>
internal sealed partial class FormulaBinder
{
    /// <summary>The node as a number: an untyped column is read as one here.</summary>
    public Expression? Number(FormulaSyntax syntax) =>
        Bind(syntax) is { } bound ? Keep(syntax, AsNumber(bound)) : null;

    /// <summary>The node as text.</summary>
    public Expression? Text(FormulaSyntax syntax) =>
        Bind(syntax) is { } bound ? Keep(syntax, AsText(bound)) : null;

    /// <summary>The node as a condition.</summary>
    public Expression? Condition(FormulaSyntax syntax)
    {
        var bound = Bind(syntax);
        if (bound is null || bound.Type is null or ColumnType.Boolean)
        {
            return Keep(syntax, bound?.Node);
        }

        var shown = Shown.Formula(syntax);
        var hint = bound.Type == ColumnType.Untyped
            ? $"Compare it, as in `{shown} = 'true'`, or parse it as boolean first."
            : "A condition is a comparison, such as `value <= 500`.";
        return Problem(syntax.At, $"`{shown}` is {Types.Name(bound.Type)}; a condition is needed here.", hint);
    }

    /// <summary>The node as a date or datetime; a text of the plan may be one in ISO form.</summary>
    public Expression? Time(FormulaSyntax syntax)
    {
        if (Bind(syntax) is not { } bound)
        {
            return null;
        }

        if (bound.Type is null || Types.IsTime(bound.Type))
        {
            return Keep(syntax, bound.Node);
        }

        if (bound is { IsConstant: true, Type: ColumnType.Text })
        {
            return TimeLiteral(bound);
        }

        var shown = Shown.Formula(syntax);
        return Problem(syntax.At, $"`{shown}` is {Types.Name(bound.Type)}; a date is needed here.", TimeHint(shown));
    }

    /// <summary>True if the node is a date or datetime by its type. Tells no problem and keeps nothing.</summary>
    public bool IsTime(FormulaSyntax syntax) =>
        new FormulaBinder(new ProbingScope(scope), []).Bind(syntax) is { } bound && Types.IsTime(bound.Type);

    /// <summary>Nodes in one common type, as branches of a choice need it.</summary>
    public (Expression[] Nodes, ColumnType Type)? Common(ImmutableArray<FormulaSyntax> syntaxes)
    {
        var bounds = syntaxes.Select(Value).ToArray();
        if (bounds.Any(bound => bound is null))
        {
            return null;
        }

        ColumnType? type = null;
        foreach (var bound in bounds)
        {
            if (type is not null && bound!.Type is not null && Types.Common(type, bound.Type) is null)
            {
                Problem(
                    bound.Syntax.At,
                    $"`{Shown.Formula(bound.Syntax)}` is {Types.Name(bound.Type)}, and what stands before it is {Types.Name(type)}.",
                    "All results of one choice are of one type; `to_text(x)` makes text of anything.");
                return null;
            }

            type = Types.Common(type, bound!.Type);
        }

        var common = type ?? ColumnType.Untyped;

        // What is untyped is text in every row, like a cell: a number among the branches is written out.
        return common == ColumnType.Untyped
            ? ([.. bounds.Select(bound => AsText(bound!))], common)
            : ([.. bounds.Select(bound => Widen(bound!.Node, common))], common);
    }

    private static Expression Widen(Expression node, ColumnType type) =>
        node.Type != type && type is ColumnType.Decimal or ColumnType.Number or ColumnType.DateTime
            ? new Widened(node, type)
            : node;

    private Expression? AsNumber(Bound bound)
    {
        if (bound.Type is null || Types.IsNumeric(bound.Type))
        {
            return bound.Node;
        }

        if (bound.Node is ColumnValue { Type: ColumnType.Untyped } column)
        {
            return new ColumnNumber(column.Column);
        }

        if (bound.Type == ColumnType.Untyped)
        {
            return new ReadNumber(bound.Node, OnlyColumn(bound.Syntax));
        }

        var shown = Shown.Formula(bound.Syntax);
        return Problem(bound.Syntax.At, $"`{shown}` is {Types.Name(bound.Type)}; a number is needed here.", NumberHint(bound, shown));
    }

    private static string NumberHint(Bound bound, string shown)
    {
        if (bound is { Type: ColumnType.Text, Node: ConstantNode constant })
        {
            var text = Encoding.UTF8.GetString(constant.Value.AsText);
            return NumberReader.TryRead(constant.Value.AsText, out _) == NumberStatus.Number
                ? $"Write `{text.Trim()}` without quotes."
                : "Numbers are written without quotes.";
        }

        return bound.Type switch
        {
            ColumnType.Text => $"Write `to_number({shown})`.",
            ColumnType.Date or ColumnType.DateTime => "Days are counted with `date_diff` and moved with `date_add`.",
            _ => "A choice between numbers is `if(condition, 1, 0)`.",
        };
    }

    private static string TimeHint(string shown) => $"Parse the column as date first, or write `parse_date({shown}, 'yyyy-MM-dd')`.";

    private static Expression AsText(Bound bound) => bound.Node switch
    {
        ColumnValue column => new ColumnText(column.Column),
        ConstantNode { Value.Kind: ValueKind.Null or ValueKind.Text } => bound.Node,
        ConstantNode constant => new ConstantNode(PlainConstant(constant.Value), ColumnType.Text),
        { Type: ColumnType.Text } => bound.Node,
        _ => new PlainText(bound.Node),
    };

    private static Value PlainConstant(in Value value)
    {
        Span<byte> text = stackalloc byte[ValueText.LengthMax];
        return Cleaning.Value.Text(text[..ValueText.Format(value, text)].ToArray());
    }

    /// <summary>The column that a problem may name: the only one below the node.</summary>
    private ColumnBinding? OnlyColumn(FormulaSyntax syntax)
    {
        var names = syntax.ColumnsRead.Select(column => column.Name).Distinct(StringComparer.Ordinal).Take(2).ToArray();
        return names.Length == 1 ? scope.FindColumn(names[0]) : null;
    }

    private Expression? TimeLiteral(Bound bound)
    {
        var text = ((ConstantNode)bound.Node).Value.AsText;
        if (IsoTime.TryReadDate(text, out var date))
        {
            return new ConstantNode(Cleaning.Value.Date(date), ColumnType.Date);
        }

        if (IsoTime.TryReadDateTime(text, out var time))
        {
            return new ConstantNode(Cleaning.Value.DateTime(time), ColumnType.DateTime);
        }

        var shown = Shown.Formula(bound.Syntax);
        return Problem(bound.Syntax.At, $"`{shown}` is not a date of the calendar in the form `yyyy-MM-dd`.", "Dates in formulas are written in ISO form, whatever the file's.");
    }
}
