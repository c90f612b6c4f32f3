using System.Globalization;
using System.Numerics;
using OrleansClean.Cleaning.Formulas;
using static OrleansClean.Cleaning.Tests.Formulas.FormulaCase;

namespace OrleansClean.Cleaning.Tests.Formulas;

public sealed class AggregatorTests
{
    private static readonly string[] Rows = ["v=3; d:decimal=1.50; i:integer=7; t:date=2019-04-15; w:text=b", "v=; d:decimal=; i:integer=; t:date=; w:text=", "v=10.5; d:decimal=2.25; i:integer=8; t:date=2020-01-01; w:text=ä", "v=1; d:decimal=0.005; i:integer=2; t:date=2018-12-31; w:text=a"];

    [Theory]
    [InlineData("min(v)", "1")]
    [InlineData("max(v)", "10.5")]
    [InlineData("sum(v)", "14.5")]
    [InlineData("avg(v)", "4.833333333333333")]
    [InlineData("median(v)", "3")]
    [InlineData("count()", "4")]
    [InlineData("count(v)", "3")]
    [InlineData("sum(d)", "3.755")]
    [InlineData("max(d)", "2.25")]
    [InlineData("median(d)", "1.5")]
    [InlineData("avg(d)", "1.2516666666666667")]
    [InlineData("sum(i)", "17")]
    [InlineData("avg(i)", "5.666666666666667")]
    [InlineData("median(i * 2)", "14")]
    [InlineData("min(t)", "2018-12-31")]
    [InlineData("max(t)", "2020-01-01")]
    [InlineData("min(w)", "a")]
    [InlineData("max(w)", "ä")]
    [InlineData("max(w) = 'ä'", "true")]
    [InlineData("max(v) - min(v)", "9.5")]
    [InlineData("v / (max(v) + 1e-9)", "0.09523809522902495")]
    [InlineData("v / sum(v) * 100", "6.896551724137931")]
    [InlineData("if(v = max(v), 'first', 'other')", "other")]
    public void Aggregates_skip_nulls(string formula, string expected) => Formula(formula).Over(Rows).Gives(expected);

    [Theory]
    [InlineData("min(v)")]
    [InlineData("max(v)")]
    [InlineData("sum(v)")]
    [InlineData("avg(v)")]
    [InlineData("median(v)")]
    [InlineData("v / max(v)")]
    public void Over_nothing_they_are_null(string formula) => Formula(formula).Over("v=", "v=").GivesNull();

    [Fact]
    public void Over_nothing_the_count_is_0() => Formula("count(v)").Over("v=").Gives("0");

    [Fact]
    public void A_sum_of_integers_beyond_64_bits_is_an_error_for_a_typed_column_and_a_double_for_an_untyped_one()
    {
        Formula("sum(v)").Over("v:integer=9223372036854775807", "v:integer=1").Fails(ProblemCodes.ExpressionError);
        Formula("sum(v)").Over("v=9223372036854775807", "v=1").Gives("9223372036854776000");
        Formula("sum(v)").Over("v:integer=9223372036854775807", "v:integer=1", "v:integer=-1").Gives("9223372036854775807");
    }

    [Fact]
    public void Measurable_parts_are_what_every_row_evaluates_anyway()
    {
        const string row = "v=1; w=2; x=3";
        Assert.Single(Formula("v / (max(v) + 1e-9)").Over(row).Compile().MeasurableParts);
        Assert.Equal(2, Formula("v + max(w)").Over(row).Compile().MeasurableParts.Length);
        Assert.Equal(2, Formula("if(v > 1, w / max(w), 0)").Over(row).Compile().MeasurableParts.Length);
        Assert.Single(Formula("v + w * x").Over(row).Compile().MeasurableParts);
        Assert.Empty(Formula("max(1)").Over(row).Compile().MeasurableParts.Where(part => part.Type != ColumnType.Integer));
        Assert.Equal("v w", string.Join(' ', Formula("w + v + v").Over(row).Compile().Columns));
    }

    [Fact]
    public void A_row_that_cannot_be_measured_fails_in_the_deciding_pass_too()
    {
        Formula("if(v > 1, max(w), 0)").Over("v=0; w=1").Gives("0");
        var (compiled, context) = Formula("if(v > 1, max(w), 0)").Over("v=0; w=1").Prepare();
        context.Row.SetText(1, Value.Text("bad"u8.ToArray()));
        compiled.Root.Evaluate(context, out var value);
        Assert.Equal(ValueKind.Error, value.Kind);
        Assert.Equal("w", context.Problem?.Column);
    }

    [Fact]
    public void Sums_do_not_depend_on_the_order_or_on_how_they_were_merged()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 50; round++)
        {
            var values = Enumerable.Range(0, random.Next(1, 400)).Select(_ => RandomDouble(random)).ToArray();
            var expected = BigSum(values);
            foreach (var use in new[] { AggregateKind.Sum, AggregateKind.Avg, AggregateKind.Min, AggregateKind.Max, AggregateKind.Median })
            {
                var inOrder = Measure(use, values, 1, random);
                random.Shuffle(values);
                var merged = Measure(use, values, 7, random);
                Assert.True(TextOf(inOrder) == TextOf(merged), $"seed={seed} {use}: {TextOf(inOrder)} {TextOf(merged)}");
            }

            var sum = Measure(AggregateKind.Sum, values, 3, random);
            Assert.True(double.IsInfinity(expected) ? sum.Kind == ValueKind.Error : Numbers.AsDouble(sum).Equals(expected), $"seed={seed} sum {TextOf(sum)} expected {expected:R}");
        }
    }

    [Theory]
    [InlineData(new[] { 1e16, 1, -1e16 }, 1)]
    [InlineData(new[] { 1e308, 1e308, -1e308 }, 1e308)]
    [InlineData(new[] { double.Epsilon, double.Epsilon }, 2 * double.Epsilon)]
    [InlineData(new[] { double.MaxValue, -double.MaxValue, double.Epsilon }, double.Epsilon)]
    [InlineData(new[] { 1, 1.1102230246251565e-16 }, 1)]
    [InlineData(new[] { 1, 1.1102230246251565e-16, 1e-300 }, 1.0000000000000002)]
    [InlineData(new[] { -0.0 }, 0)]
    public void A_sum_is_rounded_once(double[] values, double expected)
    {
        var sum = new ExactSum();
        foreach (var value in values)
        {
            sum.Add(value);
        }

        Assert.Equal(expected, ExactRatio.ToDouble(sum.ToUnits(), BigInteger.One << ExactRatio.UnitBits));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(100)]
    public void A_median_is_exact_however_few_keys_it_may_keep(int keyLimit)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        foreach (var type in new[] { ColumnType.Integer, ColumnType.Number, ColumnType.Decimal })
        {
            for (var round = 0; round < 6; round++)
            {
                var values = Enumerable.Range(0, random.Next(1, 300)).Select(_ => RandomValue(random, type)).ToArray();
                var median = new Median(type) { KeyLimit = keyLimit };
                var passes = 0;
                do
                {
                    foreach (var value in values)
                    {
                        median.Add(value);
                    }

                    Assert.True(++passes < 12, $"seed={seed} does not end");
                }
                while (median.EndPass());

                var sorted = values.ToArray();
                Array.Sort(sorted, (a, b) => Numbers.Compare(a, b));
                var low = sorted[(sorted.Length - 1) / 2];
                var high = sorted[sorted.Length / 2];
                var expected = sorted.Length % 2 == 1 ? Numbers.AsDouble(low) : (Numbers.AsDouble(low) / 2) + (Numbers.AsDouble(high) / 2);
                var actual = Numbers.AsDouble(median.Result);
                Assert.True(Math.Abs(actual - expected) <= Math.Abs(expected) * 1e-15, $"seed={seed} type={type} limit={keyLimit} expected={expected:R} actual={actual:R}");
                if (sorted.Length % 2 == 1)
                {
                    Assert.True(Numbers.Compare(low, median.Result) == 0, $"seed={seed} type={type} {TextOf(low)} {TextOf(median.Result)}");
                }
            }
        }
    }

    [Fact]
    public void A_finished_aggregate_ignores_the_passes_that_another_one_needs()
    {
        var sum = Aggregator.For(new AggregateUse(AggregateKind.Count, null, 0));
        sum.Add(Value.Null);
        Assert.False(sum.EndPass());
        sum.Add(Value.Null);
        Assert.Equal(1, sum.Result.AsInteger);
    }

    private static Value Measure(AggregateKind kind, double[] values, int parts, Random random)
    {
        var use = new AggregateUse(kind, new ConstantNode(Value.Number(0), ColumnType.Number), 0);
        var aggregators = Enumerable.Range(0, parts).Select(_ => Aggregator.For(use)).ToArray();
        foreach (var value in values)
        {
            aggregators[random.Next(parts)].Add(Value.Number(value));
        }

        for (var i = 1; i < parts; i++)
        {
            aggregators[0].Merge(aggregators[i]);
        }

        Assert.False(aggregators[0].EndPass());
        return aggregators[0].Result;
    }

    private static double BigSum(double[] values)
    {
        var total = BigInteger.Zero;
        foreach (var value in values)
        {
            var bits = BitConverter.DoubleToInt64Bits(Math.Abs(value));
            var exponent = (int)(bits >> 52);
            var mantissa = new BigInteger((bits & 0xF_FFFF_FFFF_FFFF) | (exponent == 0 ? 0 : 1L << 52)) << (Math.Max(exponent, 1) - 1);
            total += value < 0 ? -mantissa : mantissa;
        }

        // An independent way to round: as a decimal text with all its digits.
        return double.Parse($"{total * BigInteger.Pow(5, 1074)}e-1074", CultureInfo.InvariantCulture);
    }

    private static double RandomDouble(Random random)
    {
        if (random.Next(3) == 0)
        {
            return random.Next(-1000, 1000) / 8.0;
        }

        var value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
        return double.IsFinite(value) ? value : 0;
    }

    private static Value RandomValue(Random random, ColumnType type) => type switch
    {
        ColumnType.Integer => Value.Integer(random.Next(3) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : long.MaxValue - random.Next(5)),
        ColumnType.Decimal => Value.Decimal(random.Next(3) == 0 ? random.Next(-5, 5) : 1.00000000000000000000m + (random.Next(7) * 0.0000000000000000000001m)),
        _ => Value.Number(RandomDouble(random)),
    };
}
