using System.Globalization;
using System.Numerics;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>
/// A number of a spec, or a figure of an array: a whole number of 64 bits, which is exact, or a double. So an array of integers is scaled by
/// exactly what is written, beyond 2^53 too.
/// </summary>
public readonly struct ArrayNumber : IEquatable<ArrayNumber>
{
    private readonly long _whole;
    private readonly double _real;

    /// <summary>A whole number.</summary>
    public ArrayNumber(long whole)
    {
        IsWhole = true;
        _whole = whole;
        _real = whole;
    }

    /// <summary>A double.</summary>
    public ArrayNumber(double real) => _real = real;

    /// <summary>It was given as a whole number.</summary>
    public bool IsWhole { get; }

    /// <summary>The nearest double.</summary>
    public double Real => _real;

    /// <summary>The whole number that this is exactly; null for a fraction and beyond 64 bits.</summary>
    public long? Whole => IsWhole
        ? _whole
        : _real is >= -9.2233720368547758e18 and < 9.2233720368547758e18 && Math.Truncate(_real) == _real ? (long)_real : null;

    /// <summary>Reads <c>2</c>, <c>-0.5</c>, <c>1e-3</c>, <c>.25</c>; false for everything else, infinity and NaN included.</summary>
    public static bool TryParse(string text, out ArrayNumber number)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            number = new ArrayNumber(whole);
            return true;
        }

        const NumberStyles form = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var isNumber = text.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or 'e' or 'E')
            && double.TryParse(text, form, CultureInfo.InvariantCulture, out var real)
            && double.IsFinite(real);
        number = isNumber ? new ArrayNumber(double.Parse(text, form, CultureInfo.InvariantCulture)) : default;
        return isNumber;
    }

    /// <inheritdoc />
    public override string ToString() =>
        IsWhole ? _whole.ToString(CultureInfo.InvariantCulture) : _real.ToString("R", CultureInfo.InvariantCulture);

    /// <inheritdoc />
    public bool Equals(ArrayNumber other) => IsWhole == other.IsWhole && _whole == other._whole && _real.Equals(other._real);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is ArrayNumber other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(IsWhole, _whole, _real);

    /// <summary>Equal in kind and value.</summary>
    public static bool operator ==(ArrayNumber left, ArrayNumber right) => left.Equals(right);

    /// <summary>Different in kind or value.</summary>
    public static bool operator !=(ArrayNumber left, ArrayNumber right) => !left.Equals(right);

    /// <summary>The number as a float type.</summary>
    internal T As<T>()
        where T : INumberBase<T> => IsWhole ? T.CreateTruncating(_whole) : T.CreateTruncating(_real);
}
