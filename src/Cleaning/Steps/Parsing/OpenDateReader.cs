using System.Collections.Concurrent;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// Reads dates of a column for which the plan lists no forms: ISO 8601, year first with <c>/ - .</c>, the names of months,
/// and three numbers with a year of four digits at the end, of which the column must prove whether the day or the month
/// comes first.
/// </summary>
internal sealed class OpenDateReader : DateCellReader
{
    // Single digits read two as well; a comma behind the day is how months that come first are written.
    private static readonly string[] NamePatterns =
    [
        "d MMM yyyy", "d MMMM yyyy", "d-MMM-yyyy", "d-MMMM-yyyy", "d/MMM/yyyy", "d. MMM yyyy", "d. MMMM yyyy",
        "MMM d, yyyy", "MMMM d, yyyy", "MMM d yyyy", "MMMM d yyyy", "yyyy-MMM-d", "yyyy MMM d",
    ];

    // Compiled once for all files: there are as many entries as locales.
    private static readonly ConcurrentDictionary<string, DateForm[]> NamedByLocale = new(StringComparer.Ordinal);

    private readonly DateForm[] _named;
    private int _lastNamed;

    private OpenDateReader(ColumnType type, DateForm[] named)
        : base(type) => _named = named;

    public override bool NeedsProof => true;

    /// <summary>The reader of a column, or null if its locale is unknown; then <paramref name="error"/> says so.</summary>
    public static OpenDateReader? For(ColumnParse parse, out string error)
    {
        error = "";
        if (!NamedByLocale.TryGetValue(parse.Locale, out var named))
        {
            var forms = new List<DateForm>();
            foreach (var pattern in NamePatterns)
            {
                if (!DateForm.TryCompile(pattern, parse.Locale, out var form, out error))
                {
                    return null;
                }

                forms.Add(form);
            }

            named = NamedByLocale.GetOrAdd(parse.Locale, [.. forms]);
        }

        return new OpenDateReader(parse.Type, named);
    }

    protected override bool TryReadFixed(ReadOnlySpan<byte> text, out DateTime time)
    {
        if (IsoTime.TryReadDateTime(text, out time))
        {
            return true;
        }

        return NumericDate.TryScan(text, out var numbers)
            ? numbers.IsYearFirst && numbers.TryMake(numbers.First, numbers.Second, numbers.Third, out time)
            : TryReadNamed(text, out time);
    }

    protected override void ReadOrders(ReadOnlySpan<byte> text, out DateReadings readings)
    {
        readings = default;
        if (!NumericDate.TryScan(text, out var numbers) || numbers.IsYearFirst)
        {
            return;
        }

        if (numbers.TryMake(numbers.Third, numbers.Second, numbers.First, out var dayFirst))
        {
            readings.Add(DateOrder.Dmy, dayFirst);
        }

        if (numbers.TryMake(numbers.Third, numbers.First, numbers.Second, out var monthFirst))
        {
            readings.Add(DateOrder.Mdy, monthFirst);
        }
    }

    /// <summary>
    /// Tries the form that fitted last first. That changes no result: what two of these forms can read is the same day.
    /// </summary>
    private bool TryReadNamed(ReadOnlySpan<byte> text, out DateTime time)
    {
        time = default;
        var clock = default(TimeSpan);
        var day = text;
        var colon = text.IndexOf((byte)':');
        if (colon >= 0)
        {
            // The hour's digits stand in front of the first colon, and a blank in front of them.
            var blank = text[..colon].LastIndexOf((byte)' ');
            if (blank < 0 || !ClockTime.TryRead(text[(blank + 1)..], out clock))
            {
                return false;
            }

            day = text[..blank];
        }

        for (var i = 0; i < _named.Length; i++)
        {
            var place = (_lastNamed + i) % _named.Length;
            if (_named[place].TryParse(day, out time))
            {
                _lastNamed = place;
                time += clock;
                return true;
            }
        }

        return false;
    }
}
