namespace OrleansClean.Cleaning;

/// <summary>
/// Doubles as text: the shortest digits that read back to the same double, positional for 1e-7 ≤ |x| &lt; 1e21, else
/// <c>d.ddde-10</c>; integers without <c>.0</c>, minus zero as <c>0</c>.
/// </summary>
public static class NumberText
{
    /// <summary>Writes <paramref name="value"/>, which is finite; returns the length in bytes, at most 32.</summary>
    public static int Format(double value, Span<byte> destination)
    {
        if (value == 0)
        {
            destination[0] = (byte)'0';
            return 1;
        }

        Span<byte> digits = stackalloc byte[ShortestDigits.CountMax];
        var (count, point) = ShortestDigits.Write(value, digits);
        return Layout(value < 0, digits[..count], point, destination);
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
        if (exponent < 0)
        {
            destination[at++] = (byte)'-';
            exponent = -exponent;
        }

        if (exponent >= 100)
        {
            destination[at++] = (byte)('0' + (exponent / 100));
        }

        if (exponent >= 10)
        {
            destination[at++] = (byte)('0' + (exponent / 10 % 10));
        }

        destination[at++] = (byte)('0' + (exponent % 10));
        return at;
    }
}
