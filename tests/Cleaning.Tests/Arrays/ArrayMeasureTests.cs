using System.Numerics;
using System.Runtime.InteropServices;
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Cleaning.Formulas;

namespace OrleansClean.Cleaning.Tests.Arrays;

public sealed class ArrayMeasureTests
{
    /// <summary>Units of 2^-1074, in which every double is a whole number.</summary>
    private const int UnitBits = 1074;

    [Fact]
    public void The_figures_of_a_plain_array_are_those_of_the_textbook()
    {
        var measure = Of<double>(ArrayElement.F64, [2, 4, 4, 4, 5, 5, 7, 9, double.NaN, double.PositiveInfinity]);

        Assert.Equal((10, 1, 1, 8), (measure.Count, measure.Nan, measure.Infinite, measure.Finite));
        Assert.Equal((new ArrayNumber(2.0), new ArrayNumber(9.0)), (measure.Min, measure.Max));
        Assert.Equal((5.0, 2.0), (measure.Mean, measure.Deviation(0)));
        Assert.Equal(Math.Sqrt(32.0 / 7), measure.Deviation(1));
    }

    [Fact]
    public void Parts_that_travelled_as_text_add_up_to_the_same_bits()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        ReadOnlySpan<double> values = [.. Enumerable.Range(0, 3_000).Select(i => i % 101 == 0 ? double.NaN : i % 307 == 0 ? double.NegativeInfinity : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300)))];
        var whole = Of(ArrayElement.F64, values);

        var sum = Of(ArrayElement.F64, values[..17]);
        sum.Add(ArrayMeasure.Parse(Of(ArrayElement.F64, values[17..1_500]).ToText()));
        sum = ArrayMeasure.Parse(sum.ToText());
        sum.Add(Of(ArrayElement.F64, values[1_500..]));

        Assert.Equal((whole.Count, whole.Nan, whole.Infinite, whole.Min, whole.Max), (sum.Count, sum.Nan, sum.Infinite, sum.Min, sum.Max));
        Assert.True((whole.Mean, whole.Deviation(0), whole.Deviation(1)) == (sum.Mean, sum.Deviation(0), sum.Deviation(1)), $"seed={seed}");
        Assert.Equal(whole.ToText(), sum.ToText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("2 f64 0 0 0 0 0 0 0 - -")]
    [InlineData("1 f16 0 0 0 0 0 0 0 - -")]
    [InlineData("1 f64 x 0 0 0 0 0 0 - -")]
    [InlineData("1 f64 1 0 0 0 0 0 0 0Z 00")]
    public void What_is_no_measure_is_refused(string text) => Assert.Throws<FormatException>(() => ArrayMeasure.Parse(text));

    [Fact]
    public void Integers_and_extremes_alone_travel_too()
    {
        var integers = Of<long>(ArrayElement.I64, [long.MinValue, 3, long.MaxValue]);
        var empty = new ArrayMeasure(ArrayElement.F32, moments: false);

        Assert.Equal(integers.Mean, ArrayMeasure.Parse(integers.ToText()).Mean);
        Assert.Equal((integers.Min, integers.Max), (ArrayMeasure.Parse(integers.ToText()).Min, ArrayMeasure.Parse(integers.ToText()).Max));
        Assert.Null(ArrayMeasure.Parse(empty.ToText()).Min);
    }

    [Fact]
    public void Of_nothing_there_is_nothing_to_say()
    {
        var measure = Of<double>(ArrayElement.F64, [double.NaN]);

        Assert.Equal((null, null, null, null), (measure.Min, measure.Max, measure.Mean, measure.Deviation(0)));
        Assert.Null(Of<double>(ArrayElement.F64, [1]).Deviation(1));
        Assert.Equal(0, Of<double>(ArrayElement.F64, [1]).Deviation(0));
    }

    [Fact]
    public void Large_values_that_cancel_leave_the_small_ones()
    {
        var measure = Of<double>(ArrayElement.F64, [1e308, 1e308, 1, -1e308, -1e308]);

        Assert.Equal(0.2, measure.Mean);
        Assert.Equal(Math.Sqrt(0.8) * 1e308, measure.Deviation(0)!.Value, 1e293);
    }

    [Fact]
    public void The_smallest_values_have_a_deviation()
    {
        var measure = Of<double>(ArrayElement.F64, [double.Epsilon, 3 * double.Epsilon]);

        Assert.Equal((2 * double.Epsilon, double.Epsilon), (measure.Mean, measure.Deviation(0)));
    }

    [Fact]
    public void Integers_are_measured_beyond_what_doubles_hold()
    {
        var measure = Of<long>(ArrayElement.I64, [long.MinValue, long.MaxValue, long.MaxValue]);

        Assert.Equal((new ArrayNumber(long.MinValue), new ArrayNumber(long.MaxValue)), (measure.Min, measure.Max));
        Assert.Equal(3074457345618258602.0, measure.Mean);
        Assert.Equal(8.695878550221855e18, measure.Deviation(0)!.Value, 1e4);
    }

    [Fact]
    public void Zero_is_positive_however_it_was_written()
    {
        var measure = Of<double>(ArrayElement.F64, [-0.0, -0.0]);

        Assert.Equal(("0", "0"), (measure.Min!.Value.ToString(), measure.Max!.Value.ToString()));
    }

    [Fact]
    public void Sums_are_exact_for_every_magnitude()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var values = new RandomArrays(random).Doubles(random.Next(1, 5_000));
            var measure = Of<double>(ArrayElement.F64, values);

            var (sum, squares, count) = Exact(values);
            Assert.True(count == measure.Finite, $"seed={seed} round={round}");
            if (count > 0)
            {
                Assert.True(ExactRatio.ToDouble(sum, (BigInteger)count << UnitBits) == measure.Mean, $"seed={seed} round={round}: mean");
                Assert.True(Root((count * squares) - (sum * sum), (BigInteger)count * count) == measure.Deviation(0), $"seed={seed} round={round}: deviation");
            }
        }
    }

    [Fact]
    public void Every_kind_of_element_is_measured_as_the_doubles_that_it_is()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 100; round++)
        {
            var floats = new RandomArrays(random).Floats(random.Next(1, 5_000));
            var ints = new RandomArrays(random).Ints(random.Next(1, 5_000));
            Same(Of<double>(ArrayElement.F64, [.. floats.Select(f => (double)f)]), Of<float>(ArrayElement.F32, floats), seed);
            Same(Of<double>(ArrayElement.F64, [.. ints.Select(i => (double)i)]), Of<int>(ArrayElement.I32, ints), seed);
            Same(Of<long>(ArrayElement.I64, [.. ints.Select(i => (long)i)]), Of<int>(ArrayElement.I32, ints), seed);
        }
    }

    [Fact]
    public void Large_integers_are_measured_exactly()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 100; round++)
        {
            var values = new RandomArrays(random).Longs(random.Next(1, 3_000));
            var measure = Of<long>(ArrayElement.I64, values);

            var sum = values.Aggregate(BigInteger.Zero, (total, v) => total + v);
            var squares = values.Aggregate(BigInteger.Zero, (total, v) => total + ((BigInteger)v * v));
            Assert.True(ExactRatio.ToDouble(sum, values.Length) == measure.Mean, $"seed={seed} round={round}: mean");
            var variance = ExactRatio.ToDouble((values.Length * squares) - (sum * sum), (BigInteger)values.Length * values.Length);
            Assert.True(Math.Sqrt(variance) == measure.Deviation(0), $"seed={seed} round={round}: deviation");
        }
    }

    [Fact]
    public void Parts_add_up_to_the_whole_in_any_cut_and_any_order()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 100; round++)
        {
            var values = new RandomArrays(random).Doubles(random.Next(1, 5_000));
            var parts = new List<ArrayMeasure>();
            for (var at = 0; at < values.Length;)
            {
                var length = Math.Min(random.Next(1, random.Next(2, 3_000)), values.Length - at);
                parts.Add(Of<double>(ArrayElement.F64, values.AsSpan(at, length)));
                at += length;
            }

            var whole = new ArrayMeasure(ArrayElement.F64, moments: true);
            random.Shuffle(CollectionsMarshal.AsSpan(parts));
            parts.ForEach(whole.Add);
            Same(Of<double>(ArrayElement.F64, values), whole, seed);
        }
    }

    private static ArrayMeasure Of<T>(ArrayElement element, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var measure = new ArrayMeasure(element, moments: true);
        measure.Add(MemoryMarshal.AsBytes(values));
        return measure;
    }

    private static void Same(ArrayMeasure expected, ArrayMeasure actual, int seed) => Assert.True(
        (expected.Count, expected.Nan, expected.Infinite, expected.Min?.Real, expected.Max?.Real, expected.Mean, expected.Deviation(0))
        == (actual.Count, actual.Nan, actual.Infinite, actual.Min?.Real, actual.Max?.Real, actual.Mean, actual.Deviation(0)),
        $"seed={seed}");

    /// <summary>The sum in units of 2^-1074 and the sum of squares in units of 2^-2148, by whole numbers alone.</summary>
    private static (BigInteger Sum, BigInteger Squares, long Count) Exact(double[] values)
    {
        var (sum, squares, count) = (BigInteger.Zero, BigInteger.Zero, 0L);
        foreach (var value in values.Where(double.IsFinite))
        {
            var bits = BitConverter.DoubleToInt64Bits(value);
            var exponent = (int)((bits >> 52) & 0x7FF);
            var mantissa = (BigInteger)(bits & 0xF_FFFF_FFFF_FFFF);
            var units = exponent == 0 ? mantissa : (mantissa + (BigInteger.One << 52)) << (exponent - 1);
            sum += bits < 0 ? -units : units;
            squares += units * units;
            count++;
        }

        return (sum, squares, count);
    }

    /// <summary>The root of a ratio of units of 2^-2148, whose own double may be out of range.</summary>
    private static double Root(BigInteger above, BigInteger below)
    {
        if (above.IsZero)
        {
            return 0;
        }

        var shift = (int)((above.GetBitLength() - below.GetBitLength()) / 2) * 2;
        var ratio = shift >= 0 ? ExactRatio.ToDouble(above, below << shift) : ExactRatio.ToDouble(above << -shift, below);
        return Math.ScaleB(Math.Sqrt(ratio), (shift / 2) - UnitBits);
    }
}
