using System.Globalization;

namespace OrleansClean.Cli.Output;

/// <summary>Numbers as people read them, the same in every culture.</summary>
internal static class Amounts
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary><c>1,204,331</c>.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>1,204,331</c>, or <c>·</c> for nothing: a column of zeros hides the numbers that matter.</summary>
    public static string CountOrDot(long count) => count == 0 ? "·" : Count(count);

    /// <summary><c>1 file</c>, <c>12 files</c>.</summary>
    public static string Of(long count, string one) => Of(count, one, one + "s");

    /// <summary><c>1 match</c>, <c>12 matches</c>.</summary>
    public static string Of(long count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";

    /// <summary><c>3.1 MB</c>; a kilobyte has 1,000 bytes.</summary>
    public static string Bytes(long bytes)
    {
        var unit = 0;
        double shown = bytes;
        while (shown >= 999.5 && unit < Units.Length - 1)
        {
            shown /= 1_000;
            unit++;
        }

        return unit == 0 || shown >= 99.95
            ? string.Create(CultureInfo.InvariantCulture, $"{shown:F0} {Units[unit]}")
            : string.Create(CultureInfo.InvariantCulture, $"{shown:F1} {Units[unit]}");
    }

    /// <summary><c>0.8 s</c>, <c>12 s</c>, <c>3 min 05 s</c>, <c>2 h 07 min</c>.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 9.95 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s"),
        < 99.5 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F0} s"),
        < 3_600 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds:00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min"),
    };

    /// <summary><c>1.83</c>.</summary>
    public static string Ratio(double ratio) => ratio.ToString("F2", CultureInfo.InvariantCulture);

    /// <summary><c>1,204.7</c>.</summary>
    public static string Tenth(double number) => number.ToString("N1", CultureInfo.InvariantCulture);

    /// <summary><c>92%</c>.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:F0}%");
}
