namespace OrleansClean.Cleaning.Steps;

/// <summary>Types in the words of messages.</summary>
internal static class Words
{
    /// <summary>Such as <c>an integer</c>.</summary>
    public static string Of(ColumnType type) => type switch
    {
        ColumnType.Integer => "an integer",
        ColumnType.Number => "a number",
        ColumnType.Decimal => "a decimal",
        ColumnType.Date => "a date",
        ColumnType.DateTime => "a datetime",
        ColumnType.Boolean => "a boolean",
        _ => "text",
    };
}
