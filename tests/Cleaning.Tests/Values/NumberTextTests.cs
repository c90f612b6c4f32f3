using System.Globalization;
using System.Text;

namespace OrleansClean.Cleaning.Tests.Values;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.0, "0")]
    [InlineData(1, "1")]
    [InlineData(-1, "-1")]
    [InlineData(100, "100")]
    [InlineData(0.1, "0.1")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(1e-7, "0.0000001")]
    [InlineData(1.5e-7, "0.00000015")]
    [InlineData(9.99999999999999e-8, "9.99999999999999e-8")]
    [InlineData(1e-8, "1e-8")]
    [InlineData(1e20, "100000000000000000000")]
    [InlineData(9.999999999999999e20, "999999999999999900000")]
    [InlineData(1e21, "1e21")]
    [InlineData(1.25e300, "1.25e300")]
    [InlineData(-1.25e-300, "-1.25e-300")]
    [InlineData(123456789012345680, "123456789012345680")]
    [InlineData(double.MaxValue, "1.7976931348623157e308")]
    [InlineData(double.Epsilon, "5e-324")]
    [InlineData(-double.Epsilon, "-5e-324")]
    [InlineData(2.2250738585072014e-308, "2.2250738585072014e-308")]
    [InlineData(0.3, "0.3")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    [InlineData(1.0 / (1 << 25), "2.9802322387695312e-8")]
    [InlineData(9007199254740993, "9007199254740992")]
    public void Doubles_are_written_shortest_and_positional_in_the_usual_range(double value, string expected) =>
        Assert.Equal(expected, Text(value));

    [Fact]
    public void What_is_written_reads_back_and_is_as_short_as_can_be()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 200_000; i++)
        {
            Check(RandomDouble(random), seed);
        }
    }

    [Fact]
    public void Doubles_at_the_ends_of_every_power_of_two_are_written_right()
    {
        for (var exponent = 0L; exponent < 2047; exponent++)
        {
            foreach (var fraction in new[] { 0, 1, 2, (1L << 51) - 1, 1L << 51, (1L << 52) - 2, (1L << 52) - 1 })
            {
                Check(BitConverter.Int64BitsToDouble((exponent << 52) | fraction), seed: 0);
            }
        }
    }

    /// <summary>The runtime's digits are the shortest too, but below a few powers of two they do not read back.</summary>
    private static void Check(double value, int seed)
    {
        var text = Text(value);
        var status = NumberReader.TryReadDouble(Encoding.ASCII.GetBytes(text), out var read);
        Assert.True(status == NumberStatus.Number && read.Equals(value + 0.0), $"seed={seed} {value:R} {text}");
        var theirs = value.ToString("R", CultureInfo.InvariantCulture);
        var isRuntimeRight = double.Parse(theirs, CultureInfo.InvariantCulture).Equals(value);
        Assert.True(!isRuntimeRight || Digits(text) == Digits(theirs), $"seed={seed} {theirs} {text}");
    }

    private static double RandomDouble(Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                return random.Next(-100_000, 100_000) / Math.Pow(10, random.Next(6));
            case 1:
                return random.NextDouble();
            case 2:
                return BitConverter.Int64BitsToDouble(random.NextInt64(1, 1L << 52));
            default:
                var value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
                return double.IsFinite(value) ? value : 0;
        }
    }

    private static string Digits(string text) =>
        string.Concat(text.ToLowerInvariant().Split('e')[0].Where(char.IsAsciiDigit)).Trim('0');

    private static string Text(double value)
    {
        Span<byte> text = stackalloc byte[ValueText.LengthMax];
        return Encoding.ASCII.GetString(text[..NumberText.Format(value, text)]);
    }
}
