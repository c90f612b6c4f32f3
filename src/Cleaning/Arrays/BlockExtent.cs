using System.Numerics;
using System.Runtime.InteropServices;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>
/// The smallest and the largest finite value of a block, and how many are not finite. Zeros count as positive: so the figures do
/// not hang on the order in which a processor compares.
/// </summary>
internal readonly record struct BlockExtent(long Nan, long Infinite, double Min, double Max)
{
    /// <summary>Not one finite value.</summary>
    public bool IsEmpty => Min > Max;

    /// <summary>Looks at <paramref name="values"/>.</summary>
    public static BlockExtent Of(ReadOnlySpan<double> values)
    {
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        var min = new Vector<double>(double.PositiveInfinity);
        var max = new Vector<double>(double.NegativeInfinity);
        var finite = Vector<long>.Zero;
        var nan = Vector<long>.Zero;
        foreach (var v in vectors)
        {
            // A comparison that holds is -1 in every lane where it does.
            var isFinite = Vector.LessThan(Vector.Abs(v), new Vector<double>(double.PositiveInfinity));
            finite -= isFinite;
            nan -= Vector.OnesComplement(Vector.Equals(v, v));
            min = Vector.MinNative(min, Vector.ConditionalSelect(isFinite, v, new Vector<double>(double.PositiveInfinity)));
            max = Vector.MaxNative(max, Vector.ConditionalSelect(isFinite, v, new Vector<double>(double.NegativeInfinity)));
        }

        var seen = (long)vectors.Length * Vector<double>.Count;
        var (nanCount, finiteCount) = (Vector.Sum(nan), Vector.Sum(finite));
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < Vector<double>.Count; i++)
        {
            low = Math.Min(low, min[i]);
            high = Math.Max(high, max[i]);
        }

        var infiniteCount = seen - finiteCount - nanCount;
        foreach (var v in values[(int)seen..])
        {
            if (double.IsFinite(v))
            {
                low = Math.Min(low, v);
                high = Math.Max(high, v);
            }
            else if (double.IsNaN(v))
            {
                nanCount++;
            }
            else
            {
                infiniteCount++;
            }
        }

        return new BlockExtent(nanCount, infiniteCount, low + 0.0, high + 0.0);
    }
}
