using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace OrleansClean.Cleaning;

/// <summary>
/// A form of dates such as <c>dd.MM.yyyy HH:mm</c>, compiled once. Letters: <c>yyyy yy M MM MMM MMMM d dd H HH h hh m mm s
/// ss f…fffffff tt</c>; text in single quotes and everything that is no letter stands for itself, and so does <c>T</c>.
/// Of two digits of a year, 00–68 are 2000–2068 and 69–99 are 1969–1999, as POSIX has it.
/// </summary>
internal sealed class DateForm
{
    /// <summary>Characters of a pattern, at most.</summary>
    public const int PatternLengthMax = 64;

    /// <summary>Bytes that <see cref="Format"/> writes, at most.</summary>
    public const int LengthMax = 4 * PatternLengthMax;

    private readonly ImmutableArray<DatePart> _parts;

    private DateForm(string pattern, ImmutableArray<DatePart> parts)
    {
        Pattern = pattern;
        _parts = parts;
        HasTime = parts.Any(part => part.IsTime);
    }

    /// <summary>The pattern as written.</summary>
    public string Pattern { get; }

    /// <summary>True if the form speaks of hours, minutes or seconds.</summary>
    public bool HasTime { get; }

    /// <summary>
    /// Compiles a form that reads and writes: it must name year, month and day once each. On failure
    /// <paramref name="error"/> is one sentence for the plan's author.
    /// </summary>
    public static bool TryCompile(string pattern, string locale, [NotNullWhen(true)] out DateForm? form, out string error) =>
        TryCompileForWriting(pattern, locale, out form, out error)
        && (error = DatePatternReader.WhyNotReadable(form._parts)).Length == 0;

    /// <summary>Compiles a form that only writes, such as <c>yyyy-MM</c>.</summary>
    public static bool TryCompileForWriting(
        string pattern,
        string locale,
        [NotNullWhen(true)] out DateForm? form,
        out string error)
    {
        form = null;
        if (!MonthNames.IsKnown(locale))
        {
            error = $"There are no month names for '{locale}'; known are {string.Join(' ', MonthNames.Locales)}.";
            return false;
        }

        if (!DatePatternReader.TryRead(pattern, locale, out var parts, out error))
        {
            return false;
        }

        form = new DateForm(pattern, parts);
        return true;
    }

    /// <summary>Reads all of <paramref name="text"/>; false if it is not of this form or no day of the calendar.</summary>
    public bool TryParse(ReadOnlySpan<byte> text, out DateTime value)
    {
        value = default;
        var fields = new DateFields();
        var at = 0;
        foreach (var part in _parts)
        {
            if (!part.TryRead(text, ref at, ref fields))
            {
                return false;
            }
        }

        return at == text.Length && fields.TryGetTime(out value);
    }

    /// <summary>As <see cref="TryParse(ReadOnlySpan{byte}, out DateTime)"/>; false if there is a time of day that is not midnight.</summary>
    public bool TryParse(ReadOnlySpan<byte> text, out DateOnly value)
    {
        var parsed = TryParse(text, out DateTime time) && time.TimeOfDay == TimeSpan.Zero;
        value = parsed ? DateOnly.FromDateTime(time) : default;
        return parsed;
    }

    /// <summary>Writes <paramref name="value"/>; returns the length, at most <see cref="LengthMax"/>.</summary>
    public int Format(DateTime value, Span<byte> destination)
    {
        var at = 0;
        foreach (var part in _parts)
        {
            at += part.Write(value, destination[at..]);
        }

        return at;
    }
}

/// <summary>What was read of a date so far.</summary>
internal struct DateFields
{
    public int Year;
    public int Month;
    public int Day;
    public int Hour;
    public int Minute;
    public int Second;
    public int Ticks;
    public bool IsTwelveHours;
    public bool IsAfternoon;

    public readonly bool TryGetTime(out DateTime value)
    {
        value = default;
        var hour = Hour;
        if (IsTwelveHours)
        {
            if (hour is < 1 or > 12)
            {
                return false;
            }

            hour = (hour % 12) + (IsAfternoon ? 12 : 0);
        }

        if (Year < 1 || Month is < 1 or > 12 || Day < 1 || Day > DateTime.DaysInMonth(Year, Month)
            || hour > 23 || Minute > 59 || Second > 59)
        {
            return false;
        }

        value = new DateTime(Year, Month, Day, hour, Minute, Second, DateTimeKind.Unspecified).AddTicks(Ticks);
        return true;
    }
}
