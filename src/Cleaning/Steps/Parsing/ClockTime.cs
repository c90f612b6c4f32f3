namespace OrleansClean.Cleaning.Steps;

/// <summary>Reads a time of day: <c>H:mm[:ss[.fffffff]]</c>, with <c>AM</c> or <c>PM</c> behind for hours 1 to 12.</summary>
internal static class ClockTime
{
    public static bool TryRead(ReadOnlySpan<byte> text, out TimeSpan time)
    {
        time = default;
        var half = TakeHalf(ref text);
        var at = 0;
        if (!TryTake(text, ref at, atLeast: 1, out var hour) || !TakeColon(text, ref at)
            || !TryTake(text, ref at, atLeast: 2, out var minute) || minute > 59)
        {
            return false;
        }

        var second = 0;
        var ticks = 0L;
        if (TakeColon(text, ref at)
            && (!TryTake(text, ref at, atLeast: 2, out second) || second > 59 || !TryTakeFraction(text, ref at, out ticks)))
        {
            return false;
        }

        if (at != text.Length || (half == ' ' ? hour > 23 : hour is < 1 or > 12))
        {
            return false;
        }

        hour = half == ' ' ? hour : (hour % 12) + (half == 'p' ? 12 : 0);
        time = new TimeSpan(hour, minute, second) + TimeSpan.FromTicks(ticks);
        return true;
    }

    private static char TakeHalf(ref ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || (text[^1] | 0x20) != 'm' || (text[^2] | 0x20) is not ('a' or 'p'))
        {
            return ' ';
        }

        var half = (char)(text[^2] | 0x20);
        text = text[..^2].TrimEnd((byte)' ');
        return half;
    }

    private static bool TakeColon(ReadOnlySpan<byte> text, ref int at)
    {
        var isThere = at < text.Length && text[at] == ':';
        at += isThere ? 1 : 0;
        return isThere;
    }

    private static bool TryTake(ReadOnlySpan<byte> text, ref int at, int atLeast, out int number)
    {
        number = 0;
        var start = at;
        while (at < text.Length && at - start < 2 && (uint)(text[at] - '0') <= 9)
        {
            number = (number * 10) + (text[at++] - '0');
        }

        return at - start >= atLeast;
    }

    private static bool TryTakeFraction(ReadOnlySpan<byte> text, ref int at, out long ticks)
    {
        ticks = 0;
        if (at >= text.Length || text[at] != '.')
        {
            return true;
        }

        var start = ++at;
        var unit = TimeSpan.TicksPerSecond;
        while (at < text.Length && at - start < 7 && (uint)(text[at] - '0') <= 9)
        {
            unit /= 10;
            ticks += unit * (text[at++] - '0');
        }

        return at > start;
    }
}
