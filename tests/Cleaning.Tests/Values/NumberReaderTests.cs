using System.Globalization;
using System.Text;

namespace OrleansClean.Cleaning.Tests.Values;

public sealed class NumberReaderTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("5", "5")]
    [InlineData("+5", "5")]
    [InlineData("-5", "-5")]
    [InlineData(" \t5\t ", "5")]
    [InlineData("007", "7")]
    [InlineData("000000000000000000000000000007", "7")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    public void Digits_alone_are_an_integer_if_it_fits_64_bits(string text, string expected)
    {
        Assert.Equal(NumberStatus.Number, NumberReader.TryRead(Bytes(text), out var number));
        Assert.Equal(ValueKind.Integer, number.Kind);
        Assert.Equal(long.Parse(expected, CultureInfo.InvariantCulture), number.AsInteger);
    }

    [Theory]
    [InlineData("5.0", 5)]
    [InlineData(".5", 0.5)]
    [InlineData("-.5e+3", -500)]
    [InlineData("1e5", 100000)]
    [InlineData("1E-5", 0.00001)]
    [InlineData("9223372036854775808", 9223372036854775808)]
    [InlineData("123456789012345678901234567890", 123456789012345678901234567890d)]
    [InlineData("0.000000000000000000000000000000000000001234567890123456789", 1.234567890123456789e-39)]
    [InlineData("1.7976931348623157e308", double.MaxValue)]
    [InlineData("4.9406564584124654e-324", double.Epsilon)]
    [InlineData("1e-400", 0)]
    public void Every_other_number_is_the_nearest_double(string text, double expected)
    {
        Assert.Equal(NumberStatus.Number, NumberReader.TryRead(Bytes(text), out var number));
        Assert.Equal(ValueKind.Number, number.Kind);
        Assert.Equal(expected, number.AsNumber);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\t \t")]
    public void Spaces_and_tabs_alone_are_blank(string text) =>
        Assert.Equal(NumberStatus.Blank, NumberReader.TryRead(Bytes(text), out _));

    [Theory]
    [InlineData("1,000")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("12,9O")]
    [InlineData("5.")]
    [InlineData(".")]
    [InlineData("+")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("e5")]
    [InlineData("1 2")]
    [InlineData("--1")]
    [InlineData("0x1F")]
    [InlineData("1_000")]
    [InlineData("5\u00a0")]
    [InlineData("٥")]
    [InlineData("\n5")]
    public void Anything_else_is_not_a_number(string text)
    {
        Assert.Equal(NumberStatus.NotANumber, NumberReader.TryRead(Bytes(text), out _));
        Assert.Equal(NumberStatus.NotANumber, NumberReader.TryReadDecimal(Bytes(text), out _));
        Assert.Equal(NumberStatus.NotANumber, NumberReader.TryReadInteger(Bytes(text), out _));
    }

    [Fact]
    public void A_number_that_no_double_can_hold_is_out_of_range() =>
        Assert.Equal(NumberStatus.OutOfRange, NumberReader.TryRead("1e999"u8, out _));

    [Theory]
    [InlineData("1.50", "1.50")]
    [InlineData("-0.00", "0.00")]
    [InlineData("1e3", "1000")]
    [InlineData("12e-3", "0.012")]
    [InlineData("1234567890123456789012345678", "1234567890123456789012345678")]
    [InlineData("0.1234567890123456789012345678", "0.1234567890123456789012345678")]
    [InlineData("1.000000000000000000000000000000000000", "1.000000000000000000000000000")]
    [InlineData("-79228162514264337593543950", "-79228162514264337593543950")]
    public void Decimals_are_read_exactly(string text, string expected)
    {
        Assert.Equal(NumberStatus.Number, NumberReader.TryReadDecimal(Bytes(text), out var number));
        Assert.Equal(expected, number.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("12345678901234567890123456789")]
    [InlineData("1.2345678901234567890123456789")]
    [InlineData("1e28")]
    [InlineData("1e-29")]
    [InlineData("1e2000000000")]
    public void Decimals_of_more_than_28_digits_are_out_of_range(string text) =>
        Assert.Equal(NumberStatus.OutOfRange, NumberReader.TryReadDecimal(Bytes(text), out _));

    [Theory]
    [InlineData("5.0", NumberStatus.NotANumber)]
    [InlineData("1e3", NumberStatus.NotANumber)]
    [InlineData("9223372036854775808", NumberStatus.OutOfRange)]
    public void Integers_have_neither_point_nor_exponent(string text, object expected) =>
        Assert.Equal((NumberStatus)expected, NumberReader.TryReadInteger(Bytes(text), out _));

    [Fact]
    public void Doubles_read_as_the_runtime_reads_them()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 200_000; i++)
        {
            var text = RandomNumber(random);
            var status = NumberReader.TryReadDouble(Bytes(text), out var ours);
            var theirs = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            Assert.True(
                double.IsInfinity(theirs) ? status == NumberStatus.OutOfRange : ours.Equals(theirs),
                $"seed={seed} text={text} ours={ours:R} theirs={theirs:R}");
        }
    }

    [Fact]
    public void A_text_short_enough_for_one_register_reads_as_it_does_with_so_many_spaces_that_it_is_not()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        ReadOnlySpan<byte> usual = "0123456789."u8;
        ReadOnlySpan<byte> odd = "09.-+eE/:, \t\0\u00ff"u8;
        Span<byte> bytes = stackalloc byte[24];
        for (var i = 0; i < 500_000; i++)
        {
            bytes.Fill((byte)' ');
            var text = bytes[..random.Next(1, 11)];
            random.GetItems(usual, text);
            for (var others = random.Next(-2, 3); others > 0; others--)
            {
                text[random.Next(text.Length)] = odd[random.Next(odd.Length)];
            }

            var shown = Convert.ToHexString(text);
            Assert.True(Read(text) == Read(bytes), $"seed={seed} text={shown}: {Read(text)} and with spaces {Read(bytes)}");
            if (NumberReader.TryReadShort(text, out var number))
            {
                Assert.True(NumberReader.TryReadDouble(bytes, out var plain) == NumberStatus.Number && number.Equals(plain), $"seed={seed} text={shown}: {number:R}, {plain:R}");
            }
        }
    }

    private static string Read(ReadOnlySpan<byte> text)
    {
        var any = NumberReader.TryRead(text, out var value);
        var wide = NumberReader.TryReadDouble(text, out var number);
        var whole = NumberReader.TryReadInteger(text, out var integer);
        var exact = NumberReader.TryReadDecimal(text, out var places);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{any} {value.Kind} {(value.Kind == ValueKind.Integer ? value.AsInteger : value.AsNumber):R} {wide} {number:R} {whole} {integer} {exact} {places}");
    }

    private static string RandomNumber(Random random)
    {
        if (random.Next(3) == 0)
        {
            return BitConverter.Int64BitsToDouble(random.NextInt64() & 0x7FEFFFFFFFFFFFFF).ToString("R", CultureInfo.InvariantCulture);
        }

        var text = new StringBuilder(random.Next(4) == 0 ? "-" : "");
        text.Append(random.NextInt64((long)Math.Pow(10, random.Next(1, 19))));
        if (random.Next(2) == 0)
        {
            text.Append('.').Append(random.NextInt64(1, (long)Math.Pow(10, random.Next(1, 19))));
        }

        if (random.Next(3) == 0)
        {
            text.Append('e').Append(random.Next(-330, 310));
        }

        return text.ToString();
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
