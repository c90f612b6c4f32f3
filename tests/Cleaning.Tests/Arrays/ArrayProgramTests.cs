using System.Numerics;
using System.Runtime.InteropServices;
using OrleansClean.Cleaning.Arrays;

namespace OrleansClean.Cleaning.Tests.Arrays;

/// <summary>Steps by vectors against the same steps written down element by element.</summary>
public sealed class ArrayProgramTests
{
    [Theory]
    [InlineData("scale: 2.5")]
    [InlineData("scale: -0")]
    [InlineData("offset: -273.15")]
    [InlineData("clip: {min: -1.5, max: 100}")]
    [InlineData("clip: {min: 0}")]
    [InlineData("replace_nan: 7")]
    public void A_step_on_floats_does_to_each_element_what_it_says(string step)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var doubles = new RandomArrays(random).Doubles(random.Next(1, 300));
            var floats = new RandomArrays(random).Floats(random.Next(1, 300));

            AssertSame(doubles.Select(d => Twin(step, d)), Run<double, double>(step, ArrayElement.F64, doubles), seed);
            AssertSame(floats.Select(f => Twin(step, f)), Run<float, float>(step, ArrayElement.F32, floats), seed);
        }
    }

    [Theory]
    [InlineData("scale: 3")]
    [InlineData("scale: -1")]
    [InlineData("offset: 5")]
    [InlineData("clip: {min: -7, max: 100}")]
    public void A_step_on_integers_is_exact_or_refuses(string step)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            Integers(step, new RandomArrays(random).Ints(random.Next(1, 300)), ArrayElement.I32, seed);
            Integers(step, new RandomArrays(random).Longs(random.Next(1, 300)), ArrayElement.I64, seed);
        }
    }

    [Fact]
    public void A_cast_makes_of_each_element_what_it_says()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var doubles = new RandomArrays(random).Doubles(random.Next(1, 300));
            var floats = new RandomArrays(random).Floats(random.Next(1, 300));
            var longs = new RandomArrays(random).Longs(random.Next(1, 300));
            var ints = new RandomArrays(random).Ints(random.Next(1, 300));

            AssertSame(floats.Select(f => (double)f), Run<float, double>("cast: f64", ArrayElement.F32, floats), seed);
            AssertSame(ints.Select(i => (double)i), Run<int, double>("cast: f64", ArrayElement.I32, ints), seed);
            AssertSame(ints.Select(i => (float)i), Run<int, float>("cast: f32", ArrayElement.I32, ints), seed);
            AssertSame(ints.Select(i => (long)i), Run<int, long>("cast: i64", ArrayElement.I32, ints), seed);
            AssertSame(longs.Select(l => (double)l), Run<long, double>("cast: f64", ArrayElement.I64, longs), seed);
            AssertSame(longs.Select(l => (float)l), Run<long, float>("cast: f32", ArrayElement.I64, longs), seed);
            Cast(longs, l => (int)Math.Clamp(l, int.MinValue, int.MaxValue), l => l is < int.MinValue or > int.MaxValue, ArrayElement.I64, "i32", seed);
            Cast(doubles, ToFloat, d => double.IsFinite(d) && float.IsInfinity((float)d), ArrayElement.F64, "f32", seed);
            Cast(doubles, d => Clamped(d, int.MinValue, int.MaxValue, int.MaxValue), d => Beyond(d, -2147483648.0, 2147483648.0), ArrayElement.F64, "i32", seed);
            Cast(floats, d => Clamped(d, int.MinValue, int.MaxValue, int.MaxValue), d => Beyond(d, -2147483648.0, 2147483648.0), ArrayElement.F32, "i32", seed);
            Cast(doubles, d => Clamped(d, long.MinValue, long.MaxValue, 9.2e18), d => Beyond(d, -9223372036854775808.0, 9223372036854775808.0), ArrayElement.F64, "i64", seed);
            Cast(floats, d => Clamped(d, long.MinValue, long.MaxValue, 9.2e18), d => Beyond(d, -9223372036854775808.0, 9223372036854775808.0), ArrayElement.F32, "i64", seed);
        }
    }

    [Fact]
    public void Several_steps_and_casts_follow_one_another()
    {
        var made = Run<int, long>("cast: f64\n  - scale: 0.5\n  - cast: f32\n  - offset: 0.25\n  - cast: i64\n  - scale: 10", ArrayElement.I32, [1, 2, 3, 4, 5]);

        Assert.Equal([0, 10, 10, 20, 20], made);
    }

    [Theory]
    [InlineData("scale: 2", "it is 9223372036854775807, and 18446744073709551614 is beyond i64, which ends at 9223372036854775807. Cast to a wider kind first, or clip.")]
    [InlineData("cast: i32", "it is 9223372036854775807, which is beyond i32. Write `cast: {to: i32, overflow: clip}` to take the nearest value instead, or clip first.")]
    public void A_refusal_says_what_the_element_was_and_what_to_write(string step, string reason) =>
        Assert.Equal(reason, Assert.Throws<ArrayValueException>(() => Run<long, long>(step, ArrayElement.I64, [1, long.MaxValue])).Message);

    [Fact]
    public void NaN_is_no_integer_whatever_happens_to_overflow() =>
        Assert.StartsWith(
            "it is NaN, which no i32 can be. Put `- replace_nan: 0` before the cast",
            Assert.Throws<ArrayValueException>(() => Run<double, int>("cast: {to: i32, overflow: clip}", ArrayElement.F64, [double.NaN])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_normalized_array_stays_within_its_range()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            double[] values = [.. new RandomArrays(random).Doubles(random.Next(3, 300)).Where(d => Math.Abs(d) < 1e300), -1, 2];
            var (low, high) = (random.NextDouble() - 1, random.NextDouble() + 0.1);

            var unit = Run<double, double>("normalize: minmax", ArrayElement.F64, values);
            var other = Run<double, double>(FormattableString.Invariant($"normalize: {{by: minmax, low: {low:R}, high: {high:R}}}"), ArrayElement.F64, values);

            Assert.True((unit.Min(), unit.Max()) == (0, 1), $"seed={seed}");
            Assert.True(other.Min() == low && other.Max() <= high && other.Max() >= high - 1e-12, $"seed={seed}");
        }
    }

    [Theory]
    [InlineData("normalize: minmax", new[] { 5.0, 5.0 }, "`normalize minmax 0..1` cannot be carried out: every element is 5, and there is no range to map. Leave the step out for this array.")]
    [InlineData("normalize: zscore", new[] { 5.0, 5.0 }, "`normalize zscore` cannot be carried out: every element is 5, and there is no deviation to divide by. Leave the step out for this array.")]
    [InlineData("normalize: {by: zscore, ddof: 1}", new[] { 5.0, double.NaN }, "`normalize zscore ddof 1` cannot be carried out: with `ddof: 1` it takes more than 1 element, and there is 1.")]
    [InlineData("normalize: minmax", new[] { 5.0, double.NegativeInfinity }, "`normalize minmax 0..1` cannot be carried out: 1 of 2 elements are infinite, and nothing can be measured against them. Clip first: `- clip: {min: -1e6, max: 1e6}`.")]
    [InlineData("normalize: minmax", new[] { 1e308, -1e308 }, "`normalize minmax 0..1` cannot be carried out: the elements reach from -1E+308 to 1E+308, and the difference is beyond f64. Scale first: `- scale: 0.25`.")]
    public void Where_there_is_nothing_to_normalize_by_it_is_said(string step, double[] values, string reason)
    {
        var failure = Assert.Throws<FileFailedException>(() => Run<double, double>(step, ArrayElement.F64, values));

        Assert.Equal((ProblemCodes.ElementError, reason), (failure.Code, failure.Message));
    }

    [Fact]
    public void Without_a_number_NaN_stays_NaN() =>
        Assert.All(Run<double, double>("normalize: minmax\n  - normalize: zscore", ArrayElement.F64, [double.NaN, double.NaN]), d => Assert.True(double.IsNaN(d)));

    private static TTo[] Run<TFrom, TTo>(string steps, ArrayElement element, TFrom[] values)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        var program = ArrayProgram.Compile(ArraySpecLoader.Load($"array: 1\nsteps:\n  - {steps}\n", "s.yaml"), element);
        var scratch = new byte[ArrayRunner.ScratchBytes(values.Length)];
        var measures = new List<BarrierMeasure>();
        foreach (var barrier in program.Barriers)
        {
            var measure = new ArrayMeasure(barrier.Element, barrier.NeedsMoments);
            measure.Add(program.Until(measures).Run(MemoryMarshal.AsBytes(values.ToArray().AsSpan()), scratch));
            measures.Add(BarrierMeasure.Of(barrier, measure));
        }

        return MemoryMarshal.Cast<byte, TTo>(program.Until(measures).Run(MemoryMarshal.AsBytes(values.ToArray().AsSpan()), scratch)).ToArray();
    }

    private static T Twin<T>(string step, T x)
        where T : IBinaryFloatingPointIeee754<T> => step switch
        {
            "scale: 2.5" => x * T.CreateChecked(2.5),
            "scale: -0" => x * T.Zero,
            "offset: -273.15" => x + T.CreateTruncating(-273.15),
            "clip: {min: -1.5, max: 100}" => x < T.CreateChecked(-1.5) ? T.CreateChecked(-1.5) : x > T.CreateChecked(100) ? T.CreateChecked(100) : x,
            "clip: {min: 0}" => x < T.Zero ? T.Zero : x,
            _ => T.IsNaN(x) ? T.CreateChecked(7) : x,
        };

    private static void Integers<T>(string step, T[] values, ArrayElement element, int seed)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        BigInteger[] expected = [.. values.Select(v => BigInteger.CreateChecked(v)).Select(v => step switch
        {
            "scale: 3" => v * 3,
            "scale: -1" => -v,
            "offset: 5" => v + 5,
            _ => BigInteger.Max(-7, BigInteger.Min(100, v)),
        })];
        if (expected.All(e => e >= BigInteger.CreateChecked(T.MinValue) && e <= BigInteger.CreateChecked(T.MaxValue)))
        {
            AssertSame(expected.Select(T.CreateChecked), Run<T, T>(step, element, values), seed);
        }
        else
        {
            Assert.Throws<ArrayValueException>(() => Run<T, T>(step, element, values));
        }
    }

    private static void Cast<TFrom, TTo>(TFrom[] values, Func<TFrom, TTo> clipped, Func<TFrom, bool> isBeyond, ArrayElement element, string kind, int seed)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        if (kind[0] == 'i')
        {
            values = [.. values.Where(v => !TFrom.IsNaN(v)), TFrom.One];
        }

        AssertSame(values.Select(clipped), Run<TFrom, TTo>($"cast: {{to: {kind}, overflow: clip}}", element, values), seed);
        if (values.Any(isBeyond))
        {
            Assert.Throws<ArrayValueException>(() => Run<TFrom, TTo>($"cast: {kind}", element, values));
        }
        else
        {
            AssertSame(values.Select(clipped), Run<TFrom, TTo>($"cast: {kind}", element, values), seed);
        }
    }

    private static float ToFloat(double d) =>
        double.IsFinite(d) && float.IsInfinity((float)d) ? d > 0 ? float.MaxValue : float.MinValue : (float)d;

    private static bool Beyond(double d, double min, double aboveMax) => Math.Truncate(d) < min || Math.Truncate(d) >= aboveMax;

    private static T Clamped<T>(double d, T min, T max, double safe)
        where T : IBinaryInteger<T> => Math.Abs(d) < safe ? T.CreateTruncating(Math.Truncate(d)) : d >= double.CreateTruncating(max) ? max : d <= double.CreateTruncating(min) ? min : T.CreateTruncating((Int128)d);

    /// <summary>The same bits: the sign of zero counts. NaN is NaN.</summary>
    private static void AssertSame<T>(IEnumerable<T> expected, T[] actual, int seed)
        where T : unmanaged, INumberBase<T>
    {
        var index = 0;
        foreach (var value in expected)
        {
            var isSame = T.IsNaN(value) ? T.IsNaN(actual[index]) : value.Equals(actual[index]) && T.IsNegative(value) == T.IsNegative(actual[index]);
            Assert.True(isSame, $"seed={seed} [{index}]: expected {value}, actual {actual[index]}");
            index++;
        }

        Assert.Equal(index, actual.Length);
    }
}
