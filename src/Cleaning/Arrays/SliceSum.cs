using System.Numerics;
using System.Runtime.InteropServices;
using OrleansClean.Cleaning.Formulas;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>
/// Sums blocks of doubles by vectors without rounding. All values of a block are below 2^e. Adding and taking off a large constant cuts the
/// topmost <see cref="SliceBits"/> bits off each value; as many slices as a block has values sum exactly, because 53 bits hold them. The rest is cut
/// once more. What is left after two slices, which takes values 2^31 times smaller than the block's largest, is added one by one.
/// </summary>
internal static class SliceSum
{
    /// <summary>Values of a block: a lane of a vector sums at most 2^10 of them.</summary>
    public const int BlockMax = 2_048;

    /// <summary>2^10 slices of 42 bits and a sign fit into 53 bits.</summary>
    private const int SliceBits = 42;

    // The constant must be finite, and the unit of the second slice no smaller than the smallest double.
    private const int ExponentMax = 1_012;
    private const int ExponentMin = -990;

    private const int UnitMin = ExponentMin - (2 * SliceBits);

    // Squares and what a fused multiply-add leaves of them stay within the bounds above.
    private const int RootExponentMax = 500;
    private const int RootExponentMin = -460;
    private static readonly double RootMin = Math.ScaleB(1, -480);

    private static readonly double[] Cutters = [.. Enumerable.Range(UnitMin, ExponentMax - SliceBits - UnitMin + 1).Select(unit => Math.ScaleB(1.5, 52 + unit))];

    /// <summary>Adds the values to <paramref name="sum"/>; false, and nothing is added, if their magnitude is out of reach.</summary>
    public static bool TryAdd(ReadOnlySpan<double> values, double magnitudeMax, ExactSum sum)
    {
        var exponent = Math.ILogB(magnitudeMax) + 1;
        if (exponent is < ExponentMin or > ExponentMax)
        {
            return false;
        }

        var first = new Vector<double>(Cutter(exponent - SliceBits));
        var second = new Vector<double>(Cutter(exponent - (2 * SliceBits)));
        var (high, low) = (Vector<double>.Zero, Vector<double>.Zero);
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        foreach (var v in vectors)
        {
            var top = (v + first) - first;
            high += top;
            var rest = v - top;
            top = (rest + second) - second;
            low += top;
            rest -= top;
            if (rest != Vector<double>.Zero)
            {
                AddLanes(rest, sum);
            }
        }

        AddLanes(high, sum);
        AddLanes(low, sum);
        foreach (var value in values[(vectors.Length * Vector<double>.Count)..])
        {
            sum.Add(value);
        }

        return true;
    }

    /// <summary>Adds the squares of the values to <paramref name="sum"/>; false, and nothing is added, if one of them leaves the type.</summary>
    public static bool TryAddSquares(ReadOnlySpan<double> values, double magnitudeMax, ExactSum sum)
    {
        var exponent = Math.ILogB(magnitudeMax) + 1;
        if (exponent is < RootExponentMin or > RootExponentMax || HasTinyRoot(values))
        {
            return false;
        }

        // A square is below 2^2e, and what rounding took off it below 2^(2e-53).
        var first = new Vector<double>(Cutter((2 * exponent) - SliceBits));
        var second = new Vector<double>(Cutter((2 * exponent) - (2 * SliceBits)));
        var third = new Vector<double>(Cutter((2 * exponent) - 53 - SliceBits));
        var fourth = new Vector<double>(Cutter((2 * exponent) - 53 - (2 * SliceBits)));
        var (a, b, c, d) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        foreach (var v in vectors)
        {
            var square = v * v;
            var lost = Vector.FusedMultiplyAdd(v, v, -square);
            var top = (square + first) - first;
            a += top;
            square -= top;
            top = (square + second) - second;
            b += top;
            square -= top;
            top = (lost + third) - third;
            c += top;
            lost -= top;
            top = (lost + fourth) - fourth;
            d += top;
            lost -= top;
            if ((Vector.AsVectorUInt64(square) | Vector.AsVectorUInt64(lost)) != Vector<ulong>.Zero)
            {
                AddLanes(square, sum);
                AddLanes(lost, sum);
            }
        }

        AddLanes(a, sum);
        AddLanes(b, sum);
        AddLanes(c, sum);
        AddLanes(d, sum);
        foreach (var value in values[(vectors.Length * Vector<double>.Count)..])
        {
            var square = value * value;
            sum.Add(square);
            sum.Add(Math.FusedMultiplyAdd(value, value, -square));
        }

        return true;
    }

    /// <summary>A value that is not 0 and whose square, or what its rounding takes off, would be too small for the type.</summary>
    private static bool HasTinyRoot(ReadOnlySpan<double> values)
    {
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        var tiny = Vector<long>.Zero;
        foreach (var v in vectors)
        {
            var isTiny = Vector.LessThan(Vector.Abs(v), new Vector<double>(RootMin));
            tiny |= Vector.AndNot(isTiny, Vector.Equals(v, Vector<double>.Zero));
        }

        foreach (var value in values[(vectors.Length * Vector<double>.Count)..])
        {
            if (value != 0 && Math.Abs(value) < RootMin)
            {
                return true;
            }
        }

        return tiny != Vector<long>.Zero;
    }

    /// <summary>Adding and taking off this constant rounds to a multiple of 2^<paramref name="unit"/>.</summary>
    private static double Cutter(int unit) => Cutters[unit - UnitMin];

    private static void AddLanes(Vector<double> lanes, ExactSum sum)
    {
        for (var i = 0; i < Vector<double>.Count; i++)
        {
            sum.Add(lanes[i]);
        }
    }
}
