using System.Globalization;

namespace OrleansClean.Cleaning.Plans;

/// <summary>The types of <c>parse</c> as plans write them.</summary>
internal static class TypeName
{
    /// <summary>Digits of a decimal, at most and by default.</summary>
    public const int PrecisionMax = 28;

    /// <summary>The names without arguments, in the order in which they are told.</summary>
    public static IReadOnlyDictionary<string, ColumnType> All { get; } =
        new Dictionary<string, ColumnType>(StringComparer.Ordinal)
        {
            ["text"] = ColumnType.Text,
            ["integer"] = ColumnType.Integer,
            ["number"] = ColumnType.Number,
            ["decimal"] = ColumnType.Decimal,
            ["date"] = ColumnType.Date,
            ["datetime"] = ColumnType.DateTime,
            ["boolean"] = ColumnType.Boolean,
        };

    /// <summary>The type of <paramref name="column"/>: <c>date</c>, <c>decimal(12,2)</c>.</summary>
    public static string Of(ColumnParse column)
    {
        var name = column.Type.ToString().ToLowerInvariant();
        return column.Scale is { } scale
            ? string.Create(CultureInfo.InvariantCulture, $"{name}({column.Precision},{scale})")
            : name;
    }

    /// <summary>Reads a type; for <c>decimal(p,s)</c> with both numbers, 1 ≤ p ≤ 28 and 0 ≤ s ≤ p.</summary>
    public static bool TryParse(string text, out ColumnType type, out int precision, out int? scale)
    {
        precision = PrecisionMax;
        scale = null;
        if (All.TryGetValue(text, out type))
        {
            return true;
        }

        if (!text.StartsWith("decimal(", StringComparison.Ordinal) || !text.EndsWith(')'))
        {
            return false;
        }

        type = ColumnType.Decimal;
        var numbers = text["decimal(".Length..^1].Split(',');
        if (numbers.Length != 2 || !TryNumber(numbers[0], out precision) || !TryNumber(numbers[1], out var digits))
        {
            return false;
        }

        scale = digits;
        return precision is >= 1 and <= PrecisionMax && digits <= precision;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text.AsSpan().Trim(' '), NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
