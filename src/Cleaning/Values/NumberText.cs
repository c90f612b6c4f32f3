using System.Buffers.Text;

namespace OrleansClean.Cleaning;

/// <summary>
/// Doubles as text: the shortest digits that read back to the same double, positional for 1e-7 ≤ |x| &lt; 1e21, else
/// <c>d.ddde-10</c>; integers without <c>.0</c>, minus zero as <c>0</c>.
/// </summary>
internal static class NumberText
{
    /// <summary>Room for digits: at most 17 are ever needed, and the runtime may write zeros behind them.</summary>
    public const int DigitsMax = 32;

    /// <summary>Writes <paramref name="value"/>, which is finite; returns the length in bytes, at most 32.</summary>
    public static int Format(double value, Span<byte> destination)
    {
        if (value == 0)
        {
            destination[0] = (byte)'0';
            return 1;
        }

        Span<byte> digits = stackalloc byte[DigitsMax];
        var (count, point) = Shortest(value, digits);
        return Layout(value < 0, digits[..count], point, destination);
    }

    /// <summary>
    /// The fewest digits that read back to the magnitude of <paramref name="value"/>, which is finite and not zero,
    /// without zeros at either end; the point stands behind the first <c>Point</c> of them.
    /// </summary>
    public static (int Count, int Point) Shortest(double value, Span<byte> digits)
    {
        // "E16" would round; the shortest round-trip digits come with the default format, whose layout is not ours.
        Span<byte> shortest = stackalloc byte[32];
        Utf8Formatter.TryFormat(value, shortest, out var length);
        return Decompose(shortest[..length], digits);
    }

    /// <summary>Splits the runtime's text into digits without leading or trailing zeros, and the place of the point.</summary>
    private static (int Count, int Point) Decompose(ReadOnlySpan<byte> text, Span<byte> digits)
    {
        var count = 0;
        var point = 0;
        var seenPoint = false;
        var exponent = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is (byte)'E' or (byte)'e')
            {
                _ = Utf8Parser.TryParse(text[(i + 1)..], out exponent, out _);
                break;
            }

            if (c == '.')
            {
                seenPoint = true;
            }
            else if (c is >= (byte)'0' and <= (byte)'9')
            {
                if (count != 0 || c != '0')
                {
                    digits[count++] = c;
                    point += seenPoint ? 0 : 1;
                }
                else if (seenPoint)
                {
                    point--;
                }
            }
        }

        while (count > 1 && digits[count - 1] == '0')
        {
            count--;
        }

        return (count, point + exponent);
    }

    /// <summary>Writes digits with the point behind the first <paramref name="point"/> of them.</summary>
    private static int Layout(bool isNegative, ReadOnlySpan<byte> digits, int point, Span<byte> destination)
    {
        var at = 0;
        if (isNegative)
        {
            destination[at++] = (byte)'-';
        }

        if (point is <= -7 or > 21)
        {
            return WriteScientific(digits, point - 1, destination, at);
        }

        if (point <= 0)
        {
            destination[at++] = (byte)'0';
            destination[at++] = (byte)'.';
            destination.Slice(at, -point).Fill((byte)'0');
            at -= point;
            digits.CopyTo(destination[at..]);
            return at + digits.Length;
        }

        if (digits.Length <= point)
        {
            digits.CopyTo(destination[at..]);
            destination.Slice(at + digits.Length, point - digits.Length).Fill((byte)'0');
            return at + point;
        }

        digits[..point].CopyTo(destination[at..]);
        at += point;
        destination[at++] = (byte)'.';
        digits[point..].CopyTo(destination[at..]);
        return at + digits.Length - point;
    }

    private static int WriteScientific(ReadOnlySpan<byte> digits, int exponent, Span<byte> destination, int at)
    {
        destination[at++] = digits[0];
        if (digits.Length > 1)
        {
            destination[at++] = (byte)'.';
            digits[1..].CopyTo(destination[at..]);
            at += digits.Length - 1;
        }

        destination[at++] = (byte)'e';
        Utf8Formatter.TryFormat(exponent, destination[at..], out var written);
        return at + written;
    }
}
