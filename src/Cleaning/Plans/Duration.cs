using System.Globalization;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Durations as plans and options write them: <c>250ms</c>, <c>30s</c>, <c>5m</c>, <c>1h30m</c>.</summary>
public static class Duration
{
    /// <summary>The longest duration: a year.</summary>
    public static TimeSpan Max { get; } = TimeSpan.FromDays(365);

    /// <summary>Reads numbers with a unit each (<c>ms s m h d</c>); the sum is more than zero and at most <see cref="Max"/>.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = default;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is <= 0 or > 9)
            {
                return false;
            }

            var number = int.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            rest = rest[digits..];
            var letters = rest.IndexOfAnyInRange('0', '9') is var next and >= 0 ? next : rest.Length;
            if (!TryUnit(rest[..letters], out var unit) || number > Max / unit)
            {
                return false;
            }

            duration += number * unit;
            rest = rest[letters..];
        }

        return duration > TimeSpan.Zero && duration <= Max;
    }

    private static bool TryUnit(ReadOnlySpan<char> name, out TimeSpan unit)
    {
        unit = name switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            "d" => TimeSpan.FromDays(1),
            _ => default,
        };
        return unit != default;
    }
}
