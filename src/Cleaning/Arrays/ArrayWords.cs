using System.Globalization;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>Numbers in messages.</summary>
internal static class ArrayWords
{
    /// <summary><c>1234567</c>.</summary>
    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary><c>1,234,567</c>.</summary>
    public static string Grouped(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
