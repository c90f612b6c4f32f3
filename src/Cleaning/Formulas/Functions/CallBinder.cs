using System.Collections.Immutable;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>
/// A call that is being compiled: gives its arguments in the type that the function needs. Null means that a problem was
/// told; all arguments may be asked for first, so that every problem is told at once.
/// </summary>
internal sealed class CallBinder(FormulaBinder binder, FormulaSyntax.Call call)
{
    public int Count => call.Arguments.Length;

    /// <summary>What <see cref="Function.Prepare"/> made.</summary>
    public object? Prepared => call.Prepared;

    /// <summary>The argument as text.</summary>
    public Expression? Text(int index) => binder.Text(call.Arguments[index]);

    /// <summary>The argument as a number.</summary>
    public Expression? Number(int index) => binder.Number(call.Arguments[index]);

    /// <summary>The argument as a whole number.</summary>
    public Expression? Integer(int index) =>
        Number(index) is not { } number ? null
        : number.Type == ColumnType.Integer ? number
        : new Call1(NumberFunctions.Whole, number, ColumnType.Integer);

    /// <summary>The argument as a date or datetime.</summary>
    public Expression? Time(int index) => binder.Time(call.Arguments[index]);

    /// <summary>True if the argument is a date or datetime by its type. Tells no problem.</summary>
    public bool IsTime(int index) => binder.IsTime(call.Arguments[index]);

    /// <summary>The argument as a condition.</summary>
    public Expression? Condition(int index) => binder.Condition(call.Arguments[index]);

    /// <summary>The argument as it is.</summary>
    public Bound? Value(int index) => binder.Value(call.Arguments[index]);

    /// <summary>Some arguments in one common type.</summary>
    public (Expression[] Nodes, ColumnType Type)? Common(IEnumerable<int> indexes) =>
        binder.Common(indexes.Select(index => call.Arguments[index]).ToImmutableArray());

    /// <summary>The arguments compared for equality.</summary>
    public Expression? IsEqual(Bound left, Bound right) => binder.Compare(ComparisonOperator.Equal, left, right, call.At);

    /// <summary>Tells a problem of one argument.</summary>
    public Expression? Problem(int index, string message, string? hint = null) =>
        binder.Problem(call.Arguments[index].At, message, hint);
}
