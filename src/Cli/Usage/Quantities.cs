using System.Globalization;

namespace OrleansClean.Cli.Usage;

/// <summary>Times and sizes as they are typed.</summary>
internal static class Quantities
{
    /// <summary>What <see cref="Duration"/> reads, for messages.</summary>
    public const string DurationTakes = "a time such as 90s, 5m or 2h";

    /// <summary>What <see cref="Bytes"/> reads, for messages.</summary>
    public const string BytesTakes = "a size such as 512MB or 2GB";

    private static readonly (string Unit, long Bytes)[] Sizes =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("kB", 1_000), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1),
    ];

    /// <summary>Reads what plans take as a duration, too; null if it is none.</summary>
    public static TimeSpan? Duration(string text) => Cleaning.Plans.Duration.TryParse(text, out var duration) ? duration : null;

    /// <summary>Reads <c>512MB 2GB 1.5GiB</c>; null if it is none, or nothing.</summary>
    public static long? Bytes(string text)
    {
        foreach (var (unit, bytes) in Sizes)
        {
            if (Number(text, unit) is { } number && number * bytes is >= 1 and < 1e15)
            {
                return (long)(number * bytes);
            }
        }

        return null;
    }

    private static double? Number(string text, string unit) =>
        text.EndsWith(unit, StringComparison.Ordinal)
        && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
