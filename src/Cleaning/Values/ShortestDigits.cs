using System.Buffers.Text;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace OrleansClean.Cleaning;

/// <summary>
/// The fewest decimal digits that read back to a double, and of those the nearest to it: Raffaello Giulietti's
/// <i>Schubfach</i>. The runtime's own formatting gives the same digits at a third of the speed; tests hold the two together.
/// </summary>
internal static class ShortestDigits
{
    /// <summary>Digits that a double needs, at most.</summary>
    public const int CountMax = 17;

    private const int PowerMin = -292;
    private const int PowerMax = 324;

    // 10^k as 128-bit fractions, rounded up: the interval tests below rely on "not too small".
    private static readonly (ulong High, ulong Low)[] Powers = MakePowers();

    /// <summary>
    /// The digits of the magnitude of <paramref name="value"/>, which is finite and not zero, without zeros at either end;
    /// the point stands behind the first <c>Point</c> of them.
    /// </summary>
    public static (int Count, int Point) Write(double value, Span<byte> digits)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value) & long.MaxValue;
        var (number, exponent) = ToDecimal(bits & 0xF_FFFF_FFFF_FFFF, (int)(bits >> 52));
        exponent += TakeZeros(ref number);
        Utf8Formatter.TryFormat(number, digits, out var count);
        return (count, count + exponent);
    }

    private static (ulong Digits, int Exponent) ToDecimal(ulong fraction, int biasedExponent)
    {
        var c = biasedExponent == 0 ? fraction : fraction | (1UL << 52);
        var q = Math.Max(biasedExponent, 1) - 1075;
        if (q is <= 0 and > -53 && (c & ((1UL << -q) - 1)) == 0)
        {
            // A whole number below 2^53 has no neighbour that could share its digits.
            return (c >> -q, 0);
        }

        // Neighbours below a power of two are twice as near.
        var isPower = fraction == 0 && biasedExponent > 1;
        var k = FloorLog10(q, isPower);
        var shift = q + FloorLog2Pow10(-k) + 1;
        ref readonly var power = ref Powers[-k - PowerMin];
        var middle = RoundToOdd(power, (4 * c) << shift);
        var odd = c & 1;
        var lower = RoundToOdd(power, ((4 * c) - 2 + (isPower ? 1UL : 0)) << shift) + odd;
        var upper = RoundToOdd(power, ((4 * c) + 2) << shift) - odd;

        var s = middle / 4;
        if (s >= 10)
        {
            var tens = s / 10;
            var isDownInside = lower <= 40 * tens;
            var isUpInside = (40 * tens) + 40 <= upper;
            if (isDownInside != isUpInside)
            {
                return (tens + (isUpInside ? 1UL : 0), k + 1);
            }
        }

        var isFloorInside = lower <= 4 * s;
        var isCeilingInside = (4 * s) + 4 <= upper;
        if (isFloorInside != isCeilingInside)
        {
            return (s + (isCeilingInside ? 1UL : 0), k);
        }

        // Both are: the nearer one, and of equal ones the even.
        var half = (4 * s) + 2;
        var roundsUp = middle > half || (middle == half && (s & 1) == 1);
        return (s + (roundsUp ? 1UL : 0), k);
    }

    /// <summary>The upper half of a product of 128 and 64 bits, its last bit set if anything was cut off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong RoundToOdd(in (ulong High, ulong Low) power, ulong factor)
    {
        var carry = Math.BigMul(power.Low, factor, out _);
        var high = Math.BigMul(power.High, factor, out var low);
        var sum = low + carry;
        high += sum < low ? 1UL : 0;
        return high | (sum > 1 ? 1UL : 0);
    }

    /// <summary>⌊log10 2^q⌋, or ⌊log10 (¾ · 2^q)⌋.</summary>
    private static int FloorLog10(int q, bool isPower) => ((q * 1262611) - (isPower ? 524031 : 0)) >> 22;

    /// <summary>⌊log2 10^k⌋.</summary>
    private static int FloorLog2Pow10(int k) => (k * 1741647) >> 19;

    private static int TakeZeros(ref ulong number)
    {
        // Most numbers end here: an odd one has no zeros, nor has one that ten does not divide.
        if ((number & 1) != 0 || number % 10 != 0)
        {
            return 0;
        }

        // Divisors that the compiler knows cost a multiplication each.
        var zeros = 0;
        for (; number % 100_000_000 == 0; number /= 100_000_000)
        {
            zeros += 8;
        }

        for (; number % 1_000 == 0; number /= 1_000)
        {
            zeros += 3;
        }

        for (; number % 10 == 0; number /= 10)
        {
            zeros++;
        }

        return zeros;
    }

    private static (ulong High, ulong Low)[] MakePowers()
    {
        var powers = new (ulong, ulong)[PowerMax - PowerMin + 1];
        for (var k = PowerMin; k <= PowerMax; k++)
        {
            // 2^127 ≤ g < 2^128.
            var shift = 127 - FloorLog2Pow10(k);
            var numerator = BigInteger.Pow(10, Math.Max(k, 0)) << Math.Max(shift, 0);
            var denominator = BigInteger.Pow(10, Math.Max(-k, 0)) << Math.Max(-shift, 0);
            var g = (numerator + denominator - 1) / denominator;
            powers[k - PowerMin] = ((ulong)(g >> 64), (ulong)(g & ulong.MaxValue));
        }

        return powers;
    }
}
