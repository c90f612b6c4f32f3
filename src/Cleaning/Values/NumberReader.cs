using System.Globalization;
using System.Runtime.CompilerServices;

namespace OrleansClean.Cleaning;

/// <summary>What a text is, read as a number.</summary>
internal enum NumberStatus
{
    /// <summary>A number, which was read.</summary>
    Number,

    /// <summary>Nothing but spaces and tabs: null.</summary>
    Blank,

    /// <summary>Anything else.</summary>
    NotANumber,

    /// <summary>A number by its form, which the wanted type cannot hold: too large, or with too many digits.</summary>
    OutOfRange,
}

/// <summary>
/// Reads numbers from cells. After spaces and tabs are trimmed, a number is
/// <c>[+-]?(digits[.digits] | .digits)([eE][+-]?digits)?</c> and nothing else: no <c>1,000</c>, no <c>NaN</c>.
/// </summary>
internal static partial class NumberReader
{
    /// <summary>Significant digits that a decimal holds.</summary>
    public const int DecimalDigitsMax = 28;

    private const ulong DoubleExactMax = 1UL << 53;

    // Powers of ten that a double holds exactly: one multiplication or division by them rounds once, hence correctly.
    private static ReadOnlySpan<double> PowersOfTen =>
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>
    /// Reads an untyped cell: an integer if the text has neither point nor exponent and fits 64 bits, else the nearest
    /// double. A text beyond the largest double is <see cref="NumberStatus.OutOfRange"/>.
    /// </summary>
    public static NumberStatus TryRead(ReadOnlySpan<byte> text, out Value number)
    {
        var status = Scan(text, out var scanned);
        if (status != NumberStatus.Number)
        {
            number = default;
            return status;
        }

        if (scanned.IsInteger && scanned.TryGetInteger(out var integer))
        {
            number = Value.Integer(integer);
            return NumberStatus.Number;
        }

        status = ToDouble(text, scanned, out var value);
        number = status == NumberStatus.Number ? Value.Number(value) : default;
        return status;
    }

    /// <summary>Reads the nearest double, whatever the form of the text: correctly rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NumberStatus TryReadDouble(ReadOnlySpan<byte> text, out double number)
    {
        var status = Scan(text, out var scanned);
        if (status != NumberStatus.Number)
        {
            number = 0;
            return status;
        }

        return ToDouble(text, scanned, out number);
    }

    /// <summary>Reads <c>[+-]?digits</c>; another number is <see cref="NumberStatus.NotANumber"/>.</summary>
    public static NumberStatus TryReadInteger(ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        var status = Scan(text, out var scanned);
        if (status != NumberStatus.Number)
        {
            return status;
        }

        if (!scanned.IsInteger)
        {
            return NumberStatus.NotANumber;
        }

        return scanned.TryGetInteger(out number) ? NumberStatus.Number : NumberStatus.OutOfRange;
    }

    /// <summary>
    /// Reads a decimal exactly, its zeros behind the point kept. More than 28 significant digits, or a digit beyond the
    /// 28th place behind the point, is <see cref="NumberStatus.OutOfRange"/>.
    /// </summary>
    public static NumberStatus TryReadDecimal(ReadOnlySpan<byte> text, out decimal number)
    {
        number = 0;
        var status = Scan(text, out var scanned);
        if (status != NumberStatus.Number)
        {
            return status;
        }

        if (scanned is { IsTruncated: false, Exponent: <= 0 and >= -DecimalDigitsMax })
        {
            var mantissa = scanned.Mantissa;
            number = new decimal((int)mantissa, (int)(mantissa >> 32), 0, scanned.IsNegative && mantissa != 0, (byte)-scanned.Exponent);
            return NumberStatus.Number;
        }

        return SlowDecimal(text, scanned.IsNegative, out number);
    }

    /// <summary>The double nearest to <paramref name="mantissa"/> times a power of ten; infinite if it is too large.</summary>
    public static double Scale(ulong mantissa, int exponent)
    {
        if (mantissa <= DoubleExactMax && exponent is >= -22 and <= 22)
        {
            var power = PowersOfTen[Math.Abs(exponent)];
            return exponent < 0 ? mantissa / power : mantissa * power;
        }

        Span<byte> text = stackalloc byte[32];
        mantissa.TryFormat(text, out var digits, default, CultureInfo.InvariantCulture);
        text[digits] = (byte)'e';
        exponent.TryFormat(text[(digits + 1)..], out var rest, default, CultureInfo.InvariantCulture);
        return double.Parse(text[..(digits + 1 + rest)], NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static NumberStatus ToDouble(ReadOnlySpan<byte> text, in Scanned scanned, out double number)
    {
        if (scanned is { IsTruncated: false, Mantissa: <= DoubleExactMax, Exponent: >= -22 and <= 22 })
        {
            // The table has 23 entries and the exponent was checked.
            var power = PowersOfTen[Math.Abs(scanned.Exponent)];
            var magnitude = scanned.Exponent < 0 ? scanned.Mantissa / power : scanned.Mantissa * power;
            number = scanned.IsNegative ? -magnitude : magnitude;
            return NumberStatus.Number;
        }

        return SlowDouble(text, out number);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static NumberStatus SlowDouble(ReadOnlySpan<byte> text, out double number)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var parsed = double.TryParse(text.Trim(" \t"u8), style, CultureInfo.InvariantCulture, out number);
        return parsed && double.IsFinite(number) ? NumberStatus.Number : NumberStatus.OutOfRange;
    }

    /// <summary>Checks the grammar and collects up to 19 significant digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static NumberStatus Scan(ReadOnlySpan<byte> text, out Scanned scanned) =>
        TryScanShort(text, out scanned) ? NumberStatus.Number : ScanAny(text, out scanned);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static NumberStatus ScanAny(ReadOnlySpan<byte> text, out Scanned scanned)
    {
        scanned = default;
        var at = 0;
        var end = text.Length;
        while (at < end && text[at] is (byte)' ' or (byte)'\t')
        {
            at++;
        }

        while (end > at && text[end - 1] is (byte)' ' or (byte)'\t')
        {
            end--;
        }

        if (at == end)
        {
            return NumberStatus.Blank;
        }

        var sign = text[at];
        if (sign is (byte)'-' or (byte)'+')
        {
            scanned.IsNegative = sign == (byte)'-';
            at++;
        }

        var first = at;
        var mantissa = 0UL;
        for (; at < end && (uint)(text[at] - '0') <= 9; at++)
        {
            mantissa = (mantissa * 10) + (uint)(text[at] - '0');
        }

        var digits = at - first;
        scanned.IsInteger = at == end;
        if (at < end && text[at] == '.')
        {
            var point = ++at;
            for (; at < end && (uint)(text[at] - '0') <= 9; at++)
            {
                mantissa = (mantissa * 10) + (uint)(text[at] - '0');
            }

            var places = at - point;
            if (places == 0)
            {
                return NumberStatus.NotANumber;
            }

            digits += places;
            scanned.Exponent = -places;
        }

        if (digits == 0)
        {
            return NumberStatus.NotANumber;
        }

        scanned.Mantissa = mantissa;

        // 19 significant digits always fit an unsigned 64-bit integer; more may have wrapped around.
        scanned.IsTruncated = digits > 19 && SignificantDigits(text[first..at]) > 19;
        return at == end ? NumberStatus.Number : ScanExponent(text[at..end], ref scanned);
    }

    private static int SignificantDigits(ReadOnlySpan<byte> digits)
    {
        var significant = digits.TrimStart("0."u8);
        return significant.Length - (significant.Contains((byte)'.') ? 1 : 0);
    }

    private static NumberStatus ScanExponent(ReadOnlySpan<byte> text, ref Scanned scanned)
    {
        if ((text[0] | 0x20) != 'e')
        {
            return NumberStatus.NotANumber;
        }

        var at = 1;
        var isNegative = false;
        if (at < text.Length && text[at] is (byte)'-' or (byte)'+')
        {
            isNegative = text[at] == (byte)'-';
            at++;
        }

        if (at == text.Length)
        {
            return NumberStatus.NotANumber;
        }

        var exponent = 0;
        for (; at < text.Length; at++)
        {
            var digit = (uint)(text[at] - '0');
            if (digit > 9)
            {
                return NumberStatus.NotANumber;
            }

            // Beyond a million every further digit changes nothing; stopping there keeps the sum from wrapping.
            exponent = exponent > 1_000_000 ? exponent : (exponent * 10) + (int)digit;
        }

        scanned.Exponent += isNegative ? -exponent : exponent;
        return NumberStatus.Number;
    }

    private struct Scanned
    {
        public ulong Mantissa;
        public int Exponent;
        public bool IsNegative;
        public bool IsInteger;
        public bool IsTruncated;

        public readonly bool TryGetInteger(out long value)
        {
            value = IsNegative ? -(long)Mantissa : (long)Mantissa;
            return !IsTruncated && Mantissa <= (ulong)long.MaxValue + (IsNegative ? 1UL : 0UL);
        }
    }
}
