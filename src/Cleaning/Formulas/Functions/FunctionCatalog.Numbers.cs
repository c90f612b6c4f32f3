using System.Collections.Immutable;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Functions of numbers.</summary>
internal static partial class FunctionCatalog
{
    private static ImmutableArray<Function> NumberEntries() =>
    [
        Entry("abs(x)", "Without its sign.", "abs(delta)", "delta=-2.5", "2.5", Same(NumberFunctions.Abs)),
        Entry("sign(x)", "-1, 0 or 1.", "sign(delta)", "delta=-2.5", "-1",
            call => call.Number(0) is { } a ? new Call1(NumberFunctions.Sign, a, ColumnType.Integer) : null),
        Entry("round(x[, digits])", "Rounded, halves away from zero, to `digits` behind the point (0, or negative for tens); a double by its shortest decimal text, a decimal exactly.", "round(price, 2)", "price=2.675", "2.68", BindRound),
        Entry("floor(x)", "The next whole number below.", "floor(x)", "x=-2.5", "-3", Same(NumberFunctions.Floor)),
        Entry("ceil(x)", "The next whole number above.", "ceil(x)", "x=2.1", "3", Same(NumberFunctions.Ceil)),
        Entry("trunc(x)", "Without what is behind the point.", "trunc(x)", "x=-2.9", "-2", Same(NumberFunctions.Trunc)),
        Entry("min_of(a, b, …)", "The smallest of one row's numbers, or of its dates; of a column it is `min(x)`.", "min_of(a, b, 10)", "a=12; b=11", "10", call => BindExtreme(call, isMax: false)),
        Entry("max_of(a, b, …)", "The largest of one row's numbers, or of its dates; of a column it is `max(x)`.", "max_of(a, 0)", "a=-3", "0", call => BindExtreme(call, isMax: true)),
        Entry("sqrt(x)", "The square root, a double.", "sqrt(area)", "area=6.25", "2.5", Double(Math.Sqrt)),
        Entry("power(x, y)", "x to the power of y, a double.", "power(2, years)", "years=10", "1024",
            call =>
            {
                var (a, b) = (call.Number(0), call.Number(1));
                return a is null || b is null ? null : new Call2(NumberFunctions.Power, a, b, ColumnType.Number);
            }),
        Entry("exp(x)", "e to the power of x, a double.", "round(exp(1), 6)", "", "2.718282", Double(Math.Exp)),
        Entry("ln(x)", "The natural logarithm, a double.", "ln(x)", "x=1", "0", Double(Math.Log)),
        Entry("log10(x)", "The logarithm to base 10, a double.", "log10(x)", "x=1000", "3", Double(Math.Log10)),
        Entry("to_number(x)", "A text read as a number; a number as it is.", "to_number(replace(price, ',', '.')) * 2", "price=1,5", "3",
            call => Conversion(call, NumberFunctions.ToNumber, ColumnType.Number)),
        Entry("to_integer(x)", "A text or number that is whole as an integer; anything else is an error (see `round`, `trunc`).", "to_integer(concat('4', '2')) + 1", "", "43",
            call => Conversion(call, NumberFunctions.ToInteger, ColumnType.Integer)),
        Entry("to_decimal(x)", "A text or number as an exact decimal of at most 28 digits.", "to_decimal(price) * 3", "price=0.1", "0.3",
            call => Conversion(call, NumberFunctions.ToDecimal, ColumnType.Decimal)),
        Entry("is_number(x)", "Whether a text can be read as a number.", "is_number(price)", "price=1,000", "false",
            call => call.Text(0) is { } text ? new Call1(NumberFunctions.IsNumber, text, ColumnType.Boolean) : null),
    ];

    private static FunctionBinding Same(Function1 function) =>
        call => call.Number(0) is { } a ? new Call1(function, a, a.Type) : null;

    private static FunctionBinding Double(Func<double, double> function) =>
        call => call.Number(0) is { } a
            ? new Call1((EvaluationContext context, in Value x, out Value result) => Numbers.Store(context, function(Numbers.AsDouble(x)), out result), a, ColumnType.Number)
            : null;

    private static Expression? BindRound(CallBinder call)
    {
        var (number, digits) = (call.Number(0), call.Count == 2 ? call.Integer(1) : new ConstantNode(Value.Integer(0), ColumnType.Integer));
        return number is null || digits is null ? null : new Call2(Rounding.Round, number, digits, number.Type);
    }

    private static Widened? BindExtreme(CallBinder call, bool isMax)
    {
        var isTime = Enumerable.Range(0, call.Count).Any(index => call.IsTime(index));
        var operands = Enumerable.Range(0, call.Count).Select(index => isTime ? call.Time(index) : call.Number(index)).ToArray();
        if (operands.Any(operand => operand is null))
        {
            return null;
        }

        var types = operands.Where(operand => operand!.Type != ColumnType.Untyped).Select(operand => (ColumnType?)operand!.Type);
        var type = types.Aggregate((ColumnType?)null, Types.Common) ?? ColumnType.Number;
        return new Widened(new Extreme(operands!, isMax, type), type);
    }

    /// <summary>A conversion takes texts and numbers, and leaves it to the row whether they can be converted.</summary>
    private static Expression? Conversion(CallBinder call, Function1 function, ColumnType type)
    {
        if (call.Value(0) is not { } argument)
        {
            return null;
        }

        return argument.Type is null || Types.IsText(argument.Type) || Types.IsNumeric(argument.Type)
            ? new Converted(argument.Node, function, argument.Column, type)
            : call.Problem(0, $"`{Shown.Formula(argument.Syntax)}` is {Types.Name(argument.Type)}; text or a number is needed here.");
    }
}
