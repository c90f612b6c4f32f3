namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// Three numbers with the same one of <c>/ - .</c> between them, a year of four digits at one end, and perhaps a time of
/// day behind: <c>15/4/2019 14:05</c>.
/// </summary>
internal readonly ref struct NumericDate
{
    private NumericDate(int first, int second, int third, bool isYearFirst, TimeSpan clock)
    {
        First = first;
        Second = second;
        Third = third;
        IsYearFirst = isYearFirst;
        Clock = clock;
    }

    public int First { get; }

    public int Second { get; }

    public int Third { get; }

    /// <summary>The year is the first number, else the third.</summary>
    public bool IsYearFirst { get; }

    /// <summary>The time of day, midnight if there is none.</summary>
    public TimeSpan Clock { get; }

    /// <summary>Takes <paramref name="text"/> apart; does not judge whether there is such a day.</summary>
    public static bool TryScan(ReadOnlySpan<byte> text, out NumericDate date)
    {
        date = default;
        var at = 0;
        var firstLength = TakeNumber(text, ref at, out var first);
        if (firstLength is not (1 or 2 or 4) || !TakeSeparator(text, ref at, out var separator))
        {
            return false;
        }

        var secondLength = TakeNumber(text, ref at, out var second);
        if (secondLength is not (1 or 2) || !TakeSeparator(text, ref at, out var again) || again != separator)
        {
            return false;
        }

        var isYearFirst = firstLength == 4;
        var thirdLength = TakeNumber(text, ref at, out var third);
        if (isYearFirst ? thirdLength is not (1 or 2) : thirdLength != 4)
        {
            return false;
        }

        var clock = TimeSpan.Zero;
        if (at < text.Length && (text[at] is not ((byte)' ' or (byte)'T') || !ClockTime.TryRead(text[(at + 1)..], out clock)))
        {
            return false;
        }

        date = new NumericDate(first, second, third, isYearFirst, clock);
        return true;
    }

    /// <summary>The day of these numbers with the time of day; false if the calendar has no such day.</summary>
    public bool TryMake(int year, int month, int day, out DateTime time)
    {
        var exists = year >= 1 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
        time = exists ? new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified) + Clock : default;
        return exists;
    }

    private static int TakeNumber(ReadOnlySpan<byte> text, ref int at, out int number)
    {
        number = 0;
        var start = at;
        while (at < text.Length && at - start < 5 && (uint)(text[at] - '0') <= 9)
        {
            number = (number * 10) + (text[at++] - '0');
        }

        return at - start;
    }

    private static bool TakeSeparator(ReadOnlySpan<byte> text, ref int at, out byte separator)
    {
        separator = at < text.Length ? text[at] : (byte)0;
        at++;
        return separator is (byte)'/' or (byte)'-' or (byte)'.';
    }
}
