namespace OrleansClean.Cleaning.Formulas;

/// <summary>Rules between static types.</summary>
internal static class Types
{
    /// <summary>The type of a literal.</summary>
    public static ColumnType Of(in Value value) => value.Kind switch
    {
        ValueKind.Null => ColumnType.Untyped,
        ValueKind.Text => ColumnType.Text,
        ValueKind.Integer => ColumnType.Integer,
        ValueKind.Number => ColumnType.Number,
        ValueKind.Decimal => ColumnType.Decimal,
        ValueKind.Date => ColumnType.Date,
        ValueKind.DateTime => ColumnType.DateTime,
        _ => ColumnType.Boolean,
    };

    public static bool IsNumeric(ColumnType? type) =>
        type is ColumnType.Integer or ColumnType.Number or ColumnType.Decimal;

    public static bool IsTime(ColumnType? type) => type is ColumnType.Date or ColumnType.DateTime;

    public static bool IsText(ColumnType? type) => type is ColumnType.Text or ColumnType.Untyped;

    /// <summary>The type of an operator's result.</summary>
    public static ColumnType OfArithmetic(ArithmeticOperator op, ColumnType left, ColumnType right) =>
        op == ArithmeticOperator.Divide ? ColumnType.Number : OfNumbers(left, right);

    /// <summary>The type that holds two numbers: a double beside anything is a double.</summary>
    public static ColumnType OfNumbers(ColumnType left, ColumnType right)
    {
        if (left == right)
        {
            return left;
        }

        return left == ColumnType.Number || right == ColumnType.Number ? ColumnType.Number : ColumnType.Decimal;
    }

    /// <summary>The type that holds both, or null if no type does.</summary>
    public static ColumnType? Common(ColumnType? left, ColumnType? right)
    {
        if (left is null || right is null || left == right)
        {
            return left ?? right;
        }

        if (IsNumeric(left) && IsNumeric(right))
        {
            return OfNumbers(left.Value, right.Value);
        }

        if (IsTime(left) && IsTime(right))
        {
            return ColumnType.DateTime;
        }

        // An untyped result may show words or numbers: it is read as a number only where one is needed, like a cell.
        var isLoose = (left == ColumnType.Untyped && (IsText(right) || IsNumeric(right)))
            || (right == ColumnType.Untyped && (IsText(left) || IsNumeric(left)));
        return isLoose ? ColumnType.Untyped : null;
    }

    public static ColumnType OfAggregate(AggregateKind kind, ColumnType? argument) => kind switch
    {
        AggregateKind.Count => ColumnType.Integer,
        AggregateKind.Avg => ColumnType.Number,
        AggregateKind.Median when argument == ColumnType.Integer => ColumnType.Number,
        _ => argument!.Value,
    };

    /// <summary>The type in a message.</summary>
    public static string Name(ColumnType? type) => type switch
    {
        null => "null",
        ColumnType.Untyped => "untyped text",
        ColumnType.Boolean => "a condition",
        ColumnType.Integer => "an integer",
        ColumnType.Date => "a date",
        ColumnType.DateTime => "a datetime",
        ColumnType.Text => "text",
        ColumnType.Decimal => "a decimal",
        _ => "a number",
    };
}
