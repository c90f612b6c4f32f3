using System.Globalization;

namespace OrleansClean.Cleaning.Reading;

/// <summary>Numbers as messages show them.</summary>
internal static class Digits
{
    /// <summary>With thousands set off: <c>48,576</c>.</summary>
    public static string Grouped(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
