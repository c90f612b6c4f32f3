namespace OrleansClean.Cleaning;

/// <summary>Reads ISO 8601 dates and times without a zone: the plain forms of the two types.</summary>
internal static class IsoTime
{
    /// <summary>Reads <c>yyyy-MM-dd</c>.</summary>
    public static bool TryReadDate(ReadOnlySpan<byte> text, out DateOnly date)
    {
        date = default;
        if (text.Length != 10 || !TryReadDay(text, out var day))
        {
            return false;
        }

        date = DateOnly.FromDateTime(day);
        return true;
    }

    /// <summary>
    /// Reads <c>yyyy-MM-dd</c>, alone or followed by <c>T</c> or a blank and <c>HH:mm[:ss[.fffffff]]</c>. A zone is not
    /// accepted: a time without a zone cannot keep it.
    /// </summary>
    public static bool TryReadDateTime(ReadOnlySpan<byte> text, out DateTime time)
    {
        if (!TryReadDay(text, out time))
        {
            return false;
        }

        if (text.Length == 10)
        {
            return true;
        }

        if (text.Length < 16 || text[10] is not ((byte)'T' or (byte)' ') || text[13] != ':'
            || !TryReadTwo(text[11..], 23, out var hour) || !TryReadTwo(text[14..], 59, out var minute))
        {
            return false;
        }

        var second = 0;
        if (text.Length > 16 && (text.Length < 19 || text[16] != ':' || !TryReadTwo(text[17..], 59, out second)))
        {
            return false;
        }

        var ticks = 0;
        if (text.Length > 19 && !TryReadFraction(text[19..], out ticks))
        {
            return false;
        }

        time = time.AddTicks((((hour * 60L) + minute) * 60 + second) * TimeSpan.TicksPerSecond + ticks);
        return true;
    }

    private static bool TryReadDay(ReadOnlySpan<byte> text, out DateTime day)
    {
        day = default;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-' || !TryReadTwo(text, 99, out var century)
            || !TryReadTwo(text[2..], 99, out var year) || !TryReadTwo(text[5..], 12, out var month)
            || !TryReadTwo(text[8..], 31, out var dayOfMonth))
        {
            return false;
        }

        year += century * 100;
        if (year == 0 || month == 0 || dayOfMonth == 0 || dayOfMonth > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        day = new DateTime(year, month, dayOfMonth, 0, 0, 0, DateTimeKind.Unspecified);
        return true;
    }

    private static bool TryReadTwo(ReadOnlySpan<byte> text, int most, out int value)
    {
        var tens = (uint)(text[0] - '0');
        var ones = (uint)(text[1] - '0');
        value = (int)((tens * 10) + ones);
        return tens <= 9 && ones <= 9 && value <= most;
    }

    private static bool TryReadFraction(ReadOnlySpan<byte> text, out int ticks)
    {
        ticks = 0;
        if (text[0] != '.' || text.Length is < 2 or > 8)
        {
            return false;
        }

        for (var i = 1; i <= 7; i++)
        {
            var digit = i < text.Length ? (uint)(text[i] - '0') : 0;
            if (digit > 9)
            {
                return false;
            }

            ticks = (ticks * 10) + (int)digit;
        }

        return true;
    }
}
