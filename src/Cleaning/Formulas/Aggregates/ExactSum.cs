using System.Numerics;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>
/// The exact sum of any finite doubles, in any order: a fixed-point number that spans all of the type, 2,098 bits, in
/// digits of 32 bits. Carries wait in the upper halves of the 64-bit digits. 576 bytes, no allocation per value.
/// </summary>
internal sealed class ExactSum
{
    // The smallest double is 2^-1074; the largest is below 2^1024. Two digits of room take carries and sign.
    private const int DigitCount = ((1074 + 1024 + 31) / 32) + 3;
    private const int AddsBetweenCarries = 1 << 29;

    private readonly long[] _digits = new long[DigitCount];
    private int _addsSinceCarry;

    /// <summary>Adds a finite double.</summary>
    public void Add(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = bits & 0xF_FFFF_FFFF_FFFF;
        if (exponent == 0)
        {
            exponent = 1;
        }
        else
        {
            mantissa |= 1L << 52;
        }

        // Bit 0 of the fixed-point number is worth 2^-1074, which is where a subnormal's last bit lies.
        var shift = exponent - 1;
        var digit = shift >> 5;
        var spread = (UInt128)(ulong)mantissa << (shift & 31);
        var low = (long)(uint)spread;
        var middle = (long)(uint)(spread >> 32);
        var high = (long)(uint)(spread >> 64);
        if (bits < 0)
        {
            (low, middle, high) = (-low, -middle, -high);
        }

        _digits[digit] += low;
        _digits[digit + 1] += middle;
        _digits[digit + 2] += high;
        if (++_addsSinceCarry == AddsBetweenCarries)
        {
            Carry();
        }
    }

    /// <summary>Adds another sum.</summary>
    public void Add(ExactSum other)
    {
        Carry();
        other.Carry();
        for (var i = 0; i < DigitCount; i++)
        {
            _digits[i] += other._digits[i];
        }

        Carry();
    }

    /// <summary>The sum in units of 2^-1074.</summary>
    public BigInteger ToUnits()
    {
        Carry();
        var total = new BigInteger(_digits[^1]);
        for (var i = DigitCount - 2; i >= 0; i--)
        {
            total = (total << 32) + _digits[i];
        }

        return total;
    }

    /// <summary>Moves what is beyond 32 bits of each digit up; the topmost keeps the sign.</summary>
    private void Carry()
    {
        _addsSinceCarry = 0;
        for (var i = 0; i < DigitCount - 1; i++)
        {
            _digits[i + 1] += _digits[i] >> 32;
            _digits[i] &= 0xFFFF_FFFF;
        }
    }
}
