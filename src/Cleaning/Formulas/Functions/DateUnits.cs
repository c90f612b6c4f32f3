using System.Collections.Immutable;
using System.Text;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Units of time, in the order of their length.</summary>
internal enum DateUnit
{
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// <summary>Moves dates by units and counts units between them.</summary>
internal static class DateUnits
{
    /// <summary>Reads the unit that stands as the third argument.</summary>
    public static PlanProblem? PrepareThird(ImmutableArray<FormulaSyntax> arguments, out object? prepared)
    {
        prepared = null;
        var names = Enum.GetNames<DateUnit>().Reverse().Select(name => name.ToLowerInvariant()).ToArray();
        var known = $"Units are {Quoted.Choice(names, "and")}.";
        if (arguments[2] is not FormulaSyntax.Constant { Value.Kind: ValueKind.Text } constant)
        {
            return new PlanProblem(arguments[2].At, "The unit is a word of the plan in 'single quotes'.", known);
        }

        // 'days' is as clear as 'day'.
        var word = Encoding.UTF8.GetString(constant.Value.AsText);
        var index = Array.IndexOf(names, word.ToLowerInvariant().TrimEnd('s'));
        if (index < 0)
        {
            return new PlanProblem(constant.At, $"{Quoted.Text(word)} is no unit of time.", Nearest.Hint(word, names) ?? known);
        }

        prepared = Enum.Parse<DateUnit>(names[index], ignoreCase: true);
        return null;
    }

    /// <summary>The time <paramref name="count"/> units later; false if that is beyond the calendar.</summary>
    public static bool TryAdd(DateTime time, long count, DateUnit unit, out DateTime result)
    {
        result = default;

        // 9,999 years have fewer seconds than this, so that nothing below can overflow.
        if (Math.Abs(count) > 400_000_000_000)
        {
            return false;
        }

        if (unit >= DateUnit.Month)
        {
            var months = (time.Year * 12L) + time.Month - 1 + (count * (unit == DateUnit.Year ? 12 : 1));
            if (months is < 12 or >= 120_000)
            {
                return false;
            }

            var (year, month) = ((int)(months / 12), (int)(months % 12) + 1);
            var day = Math.Min(time.Day, DateTime.DaysInMonth(year, month));
            result = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified) + time.TimeOfDay;
            return true;
        }

        var ticks = time.Ticks + ((Int128)count * Ticks(unit));
        var fits = ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;
        result = fits ? new DateTime((long)ticks, DateTimeKind.Unspecified) : default;
        return fits;
    }

    /// <summary>Whole units from one time to another.</summary>
    public static long Between(DateTime from, DateTime to, DateUnit unit)
    {
        if (unit < DateUnit.Month)
        {
            return (to.Ticks - from.Ticks) / Ticks(unit);
        }

        if (to < from)
        {
            return -Between(to, from, unit);
        }

        var months = ((to.Year - from.Year) * 12) + to.Month - from.Month;

        // The month is whole once its day and time have come; the 31st has come with the last day of a shorter month.
        if (TryAdd(from, months, DateUnit.Month, out var reached) && reached > to)
        {
            months--;
        }

        return unit == DateUnit.Year ? months / 12 : months;
    }

    private static long Ticks(DateUnit unit) => unit switch
    {
        DateUnit.Second => TimeSpan.TicksPerSecond,
        DateUnit.Minute => TimeSpan.TicksPerMinute,
        DateUnit.Hour => TimeSpan.TicksPerHour,
        DateUnit.Day => TimeSpan.TicksPerDay,
        _ => 7 * TimeSpan.TicksPerDay,
    };
}
