using OrleansClean.Cli.Output;
using OrleansClean.Cli.Usage;

namespace OrleansClean.Cli.Tests;

public sealed class AmountsTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_000, "1.0 kB")]
    [InlineData(3_123_456, "3.1 MB")]
    [InlineData(99_960_000, "100 MB")]
    [InlineData(999_999_999, "1.0 GB")]
    public void Bytes_are_read_at_a_glance(long bytes, string shown) => Assert.Equal(shown, Amounts.Bytes(bytes));

    [Theory]
    [InlineData(0.83, "0.8 s")]
    [InlineData(12, "12 s")]
    [InlineData(185, "3 min 05 s")]
    [InlineData(7_630, "2 h 07 min")]
    public void Times_are_read_at_a_glance(double seconds, string shown) =>
        Assert.Equal(shown, Amounts.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void One_is_not_many()
    {
        Assert.Equal("1 file", Amounts.Of(1, "file"));
        Assert.Equal("1,200 files", Amounts.Of(1_200, "file"));
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("5m", 300)]
    [InlineData("1h30m", 5_400)]
    [InlineData("500ms", 0.5)]
    public void Times_are_typed_with_a_unit(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Quantities.Duration(text));

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("0s")]
    [InlineData("99999999h")]
    public void What_is_no_time_is_refused(string text) => Assert.Null(Quantities.Duration(text));

    [Theory]
    [InlineData("2GB", 2_000_000_000)]
    [InlineData("512MB", 512_000_000)]
    [InlineData("1.5GiB", 1_610_612_736)]
    [InlineData("4096B", 4_096)]
    public void Sizes_are_typed_with_a_unit(string text, long bytes) => Assert.Equal(bytes, Quantities.Bytes(text));
}
