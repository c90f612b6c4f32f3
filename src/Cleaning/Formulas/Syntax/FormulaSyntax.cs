using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>
/// A parsed formula, before it meets a header. The set of cases is closed. Chains of one precedence are one node with many
/// operands, so that the depth of a tree is the depth of its parentheses and every walk may recurse.
/// </summary>
public abstract record FormulaSyntax
{
    private FormulaSyntax()
    {
    }

    /// <summary>Where the node begins in the plan.</summary>
    public SourcePosition At { get; init; }

    /// <summary>The nodes directly below, in the order of the text.</summary>
    internal abstract IEnumerable<FormulaSyntax> Children { get; }

    /// <summary>
    /// The formula in one spelling: white space, redundant parentheses, the case of keywords and functions do not show, and
    /// parameters show as their values. Parsing it gives the same formula.
    /// </summary>
    public string ToCanonical() => CanonicalText.Write(this);

    /// <summary>Every mention of a column, in the order of the text.</summary>
    public IEnumerable<(string Name, SourcePosition At)> ColumnsRead =>
        this is Column column ? [(column.Name, At)] : Children.SelectMany(child => child.ColumnsRead);

    /// <summary>True if an aggregate stands somewhere in this formula: then it needs a measuring pass.</summary>
    public bool HasAggregate => this is Aggregate || Children.Any(child => child.HasAggregate);

    /// <summary>A value: null, true or false, a number, or text.</summary>
    internal sealed record Constant(Value Value) : FormulaSyntax
    {
        internal override IEnumerable<FormulaSyntax> Children => [];
    }

    /// <summary>A column's cell.</summary>
    internal sealed record Column(string Name) : FormulaSyntax
    {
        internal override IEnumerable<FormulaSyntax> Children => [];
    }

    /// <summary><c>-x</c>.</summary>
    internal sealed record Negate(FormulaSyntax Operand) : FormulaSyntax
    {
        internal override IEnumerable<FormulaSyntax> Children => [Operand];
    }

    /// <summary><c>not x</c>.</summary>
    internal sealed record Not(FormulaSyntax Operand) : FormulaSyntax
    {
        internal override IEnumerable<FormulaSyntax> Children => [Operand];
    }

    /// <summary>Operands of one precedence, joined from left to right; there is one operator less than operands.</summary>
    internal sealed record Arithmetic(ImmutableArray<FormulaSyntax> Operands, ImmutableArray<ArithmeticOperator> Operators)
        : FormulaSyntax
    {
        internal override IEnumerable<FormulaSyntax> Children => Operands;
    }

    /// <summary>Conditions joined by <c>and</c>, or by <c>or</c>.</summary>
    internal sealed record Logic(bool IsAnd, ImmutableArray<FormulaSyntax> Operands) : FormulaSyntax
    {
        internal override IEnumerable<FormulaSyntax> Children => Operands;
    }

    /// <summary><c>a &lt;= b</c> and the like.</summary>
    internal sealed record Comparison(ComparisonOperator Operator, FormulaSyntax Left, FormulaSyntax Right) : FormulaSyntax
    {
        internal override IEnumerable<FormulaSyntax> Children => [Left, Right];
    }

    /// <summary><c>x is null</c>.</summary>
    internal sealed record IsNull(FormulaSyntax Operand, bool IsNegated) : FormulaSyntax
    {
        internal override IEnumerable<FormulaSyntax> Children => [Operand];
    }

    /// <summary><c>x in (a, b)</c>.</summary>
    internal sealed record In(FormulaSyntax Operand, ImmutableArray<FormulaSyntax> Items, bool IsNegated) : FormulaSyntax
    {
        internal override IEnumerable<FormulaSyntax> Children => [Operand, .. Items];
    }

    /// <summary><c>x between a and b</c>, both included.</summary>
    internal sealed record Between(FormulaSyntax Operand, FormulaSyntax Low, FormulaSyntax High, bool IsNegated) : FormulaSyntax
    {
        internal override IEnumerable<FormulaSyntax> Children => [Operand, Low, High];
    }

    /// <summary><c>x like 'a%'</c>.</summary>
    internal sealed record Like(FormulaSyntax Operand, string Pattern, bool IsNegated) : FormulaSyntax
    {
        internal override IEnumerable<FormulaSyntax> Children => [Operand];
    }

    /// <summary><c>x matches 'a+'</c>, with the pattern compiled.</summary>
    internal sealed record Matches(FormulaSyntax Operand, Regex Pattern, bool IsNegated) : FormulaSyntax
    {
        internal override IEnumerable<FormulaSyntax> Children => [Operand];
    }

    /// <summary><c>case [x] when a then b … [else c] end</c>.</summary>
    internal sealed record Case(
        FormulaSyntax? Operand,
        ImmutableArray<(FormulaSyntax When, FormulaSyntax Then)> Branches,
        FormulaSyntax? Else) : FormulaSyntax
    {
        internal override IEnumerable<FormulaSyntax> Children =>
        [
            .. Operand is null ? Array.Empty<FormulaSyntax>() : [Operand],
            .. Branches.SelectMany(branch => new[] { branch.When, branch.Then }),
            .. Else is null ? Array.Empty<FormulaSyntax>() : [Else],
        ];
    }

    /// <summary>A function of the catalogue; the number of arguments was checked.</summary>
    internal sealed record Call(Function Function, ImmutableArray<FormulaSyntax> Arguments) : FormulaSyntax
    {
        /// <summary>What the function made of its constant arguments, such as a compiled pattern.</summary>
        public object? Prepared { get; init; }

        internal override IEnumerable<FormulaSyntax> Children => Arguments;
    }

    /// <summary>An aggregate; without an argument only <c>count()</c>.</summary>
    internal sealed record Aggregate(AggregateKind Kind, FormulaSyntax? Argument) : FormulaSyntax
    {
        internal override IEnumerable<FormulaSyntax> Children => Argument is null ? [] : [Argument];
    }
}

/// <summary>Operators between numbers.</summary>
internal enum ArithmeticOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// <summary>Operators that compare.</summary>
internal enum ComparisonOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>How operators are written, and what they say of an order.</summary>
internal static class Operators
{
    public static string Text(ArithmeticOperator op) => op switch
    {
        ArithmeticOperator.Add => "+",
        ArithmeticOperator.Subtract => "-",
        ArithmeticOperator.Multiply => "*",
        ArithmeticOperator.Divide => "/",
        _ => "%",
    };

    public static string Text(ComparisonOperator op) => op switch
    {
        ComparisonOperator.Equal => "=",
        ComparisonOperator.NotEqual => "<>",
        ComparisonOperator.Less => "<",
        ComparisonOperator.LessOrEqual => "<=",
        ComparisonOperator.Greater => ">",
        _ => ">=",
    };

    /// <summary>True if the operator asks which side is the larger.</summary>
    public static bool IsOrder(ComparisonOperator op) => op > ComparisonOperator.NotEqual;

    /// <summary>The operator with its sides exchanged.</summary>
    public static ComparisonOperator Mirror(ComparisonOperator op) => op switch
    {
        ComparisonOperator.Less => ComparisonOperator.Greater,
        ComparisonOperator.LessOrEqual => ComparisonOperator.GreaterOrEqual,
        ComparisonOperator.Greater => ComparisonOperator.Less,
        ComparisonOperator.GreaterOrEqual => ComparisonOperator.LessOrEqual,
        _ => op,
    };

    /// <summary>Whether the operator holds for two values of which a comparison gave <paramref name="order"/>.</summary>
    public static bool Holds(ComparisonOperator op, int order) => op switch
    {
        ComparisonOperator.Equal => order == 0,
        ComparisonOperator.NotEqual => order != 0,
        ComparisonOperator.Less => order < 0,
        ComparisonOperator.LessOrEqual => order <= 0,
        ComparisonOperator.Greater => order > 0,
        _ => order >= 0,
    };
}
