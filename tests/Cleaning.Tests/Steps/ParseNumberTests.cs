using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using OrleansClean.Cleaning.Tests.Evidence;
using Xunit.Abstractions;
using static OrleansClean.Cleaning.Tests.StepByStep.StepWords;

namespace OrleansClean.Cleaning.Tests.StepByStep;

public class ParseNumberTests(ITestOutputHelper output)
{
    private static readonly Regex Grouped =
        new(@"^-?(\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?|\.\d+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    [Theory]
    [InlineData("integer", "5", "5")]
    [InlineData("integer", " 007\t", "7")]
    [InlineData("integer", "+5", "5")]
    [InlineData("integer", "-0", "0")]
    [InlineData("integer", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("number", "265.4160", "265.4160")]
    [InlineData("number", "00501", "00501")]
    [InlineData("number", " 1e5 ", "1e5")]
    [InlineData("number", "-.5", "-.5")]
    [InlineData("decimal", "265.4160", "265.4160")]
    [InlineData("decimal", "  3", "3")]
    [InlineData("decimal(12,2)", "3", "3.00")]
    [InlineData("decimal(12,2)", "3.5", "3.50")]
    [InlineData("decimal(12,2)", "3.5000", "3.50")]
    [InlineData("decimal(12,2)", "-007.1", "-7.10")]
    [InlineData("decimal(12,2)", "-0", "0.00")]
    [InlineData("decimal(12,2)", "9999999999.99", "9999999999.99")]
    [InlineData("decimal(4,0)", "9999", "9999")]
    public void Numbers_are_brought_into_plain_form(string type, string cell, string expected) =>
        With($"- parse: {{a: \"{type}\"}}").Over($"a,b\n{cell},1\n").Gives($"a,b\n{expected},1\n").Changing("parse", cell == expected ? 0 : 1);

    [Theory]
    [InlineData("integer", "5.0")]
    [InlineData("integer", "1e3")]
    [InlineData("integer", "1,000")]
    [InlineData("integer", "9223372036854775808")]
    [InlineData("integer", "0x10")]
    [InlineData("number", "1,000")]
    [InlineData("number", "NaN")]
    [InlineData("number", "1e999")]
    [InlineData("number", "5.")]
    [InlineData("number", "$5")]
    [InlineData("decimal", "12345678901234567890123456789")]
    [InlineData("decimal(12,2)", "1.005")]
    [InlineData("decimal(12,2)", "10000000000")]
    [InlineData("decimal(4,0)", "10000")]
    [InlineData("decimal", "12,9O")]
    public void What_is_no_such_number_costs_its_row(string type, string cell) =>
        With($"- parse: {{a: \"{type}\"}}").Over($"a,b\n\"{cell}\",1\n2,2\n").Rejecting("2 type-error a").Expecting(type);

    [Theory]
    [InlineData("integer")]
    [InlineData("number")]
    [InlineData("decimal(5,1)")]
    [InlineData("date")]
    [InlineData("datetime")]
    [InlineData("boolean")]
    public void A_blank_cell_is_null(string type) =>
        With($"- parse: {{a: \"{type}\"}}").Over("a,b\n,1\n \t,2\n").Gives("a,b\n,1\n,2\n").Changing("parse", 1);

    [Fact]
    public void A_word_that_means_null_is_null_and_stays() =>
        With("- parse: {a: integer}", read: "{nulls: [NA]}").Over("a,b\nNA,1\n2,2\n").Gives("a,b\nNA,1\n2,2\n").Changing("parse", 0);

    [Theory]
    [InlineData("\"1,234,567.80\"", "1234567.80")]
    [InlineData("\"€ 1,234.5\"", "1234.5")]
    [InlineData("\"-€1,234\"", "-1234")]
    [InlineData("€-5", "-5")]
    [InlineData("12 EUR", "12")]
    [InlineData("1234567", "1234567")]
    [InlineData("+.5€", "+.5")]
    public void Symbols_and_thousands_go(string cell, string expected) =>
        With("- parse: {a: {type: decimal, symbols: [€, EUR], thousands: \",\"}}").Over($"a,b\n{cell},1\n").Gives($"a,b\n{expected},1\n");

    [Theory]
    [InlineData("1,23")]
    [InlineData("1234,567")]
    [InlineData("1,2345")]
    [InlineData(",123")]
    [InlineData("1,,234")]
    [InlineData("1,234,")]
    [InlineData("1.5,000")]
    [InlineData("€")]
    [InlineData("€€5")]
    [InlineData("--5")]
    public void Separators_and_symbols_elsewhere_cost_the_row(string cell) =>
        With("- parse: {a: {type: decimal, symbols: [€, EUR], thousands: \",\"}}").Over($"a,b\n\"{cell}\",1\n").Rejecting("2 type-error a");

    [Theory]
    [InlineData("1.234,50", "1234.50")]
    [InlineData("-0,5", "-0.5")]
    [InlineData("7", "7")]
    public void The_decimal_point_may_be_a_comma(string cell, string expected) =>
        With("- parse: {a: {type: number, decimal: \",\", thousands: \".\"}}").Over($"a;b\n{cell};1\n").Gives($"a,b\n{expected},1\n");

    [Fact]
    public void A_point_that_is_not_the_decimal_point_is_no_number() =>
        With("- parse: {a: {type: number, decimal: \",\"}}").Over("a;b\n1.5;1\n1,5;2\n").Gives("a,b\n1.5,2\n").Rejecting("2 type-error a");

    [Fact]
    public void Thousands_may_be_parted_by_a_narrow_space() =>
        With("- parse: {a: {type: integer, thousands: \"\u202f\"}}").Over("a,b\n1\u202f234\u202f567,1\n").Gives("a,b\n1234567,1\n");

    [Theory]
    [InlineData("null", "a,b\n,1\n2,2\n")]
    [InlineData("keep", "a,b\nx,1\n2,2\n")]
    public void A_cell_that_is_no_number_may_be_emptied_or_kept(string onError, string expected) =>
        With($"- parse: {{a: integer}}\n  on_error: {onError}").Over("a,b\nx,1\n02,2\n").Gives(expected);

    [Fact]
    public void A_cell_that_is_no_number_may_cost_the_file() =>
        With("- parse: {a: integer}\n  on_error: fail").Over("a,b\n1,1\nx,1\n").Fails("type-error", "line 3", "column a");

    [Fact]
    public void The_record_of_a_reject_tells_the_cell_and_what_was_expected()
    {
        var reject = With("- parse: {b: \"decimal(12,2)\"}").Over("a,b\n1,\"12,9O\"\n").Rejects[0];
        Assert.Equal("12,9O", reject.GetProperty("value").GetString());
        Assert.Equal("decimal(12,2)", reject.GetProperty("expected").GetString());
        Assert.Equal(1, reject.GetProperty("column_index").GetInt32());
        Assert.Equal("parse", reject.GetProperty("step").GetString());
    }

    [Fact]
    public void Thousands_are_read_as_a_regular_expression_reads_them() => Seeds.ForEach(output, count: 20, records: 200, (seed, records) =>
    {
        var random = new Random(seed);
        var cells = Enumerable.Range(0, records).Select(_ => RandomNumber(random)).ToArray();
        var input = new StringBuilder("a;b\n").AppendJoin("", cells.Select((cell, i) => $"{cell};{i}\n")).ToString();
        var expected = cells.Select((cell, i) => (Cell: cell, Row: i)).Where(one => Grouped.IsMatch(one.Cell))
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Cell.Replace(",", "", StringComparison.Ordinal)},{one.Row}\n"));
        With("- parse: {a: {type: number, thousands: \",\"}}", read: "{delimiter: \";\"}").Over(input).Gives($"a,b\n{string.Concat(expected)}");
    });

    private static string RandomNumber(Random random)
    {
        var text = new StringBuilder();
        var length = random.Next(1, 12);
        for (var i = 0; i < length; i++)
        {
            text.Append(random.Next(12) switch { 0 or 1 or 2 => ',', 3 => '.', 4 when i == 0 => '-', var digit => (char)('0' + (digit % 10)) });
        }

        return text.ToString();
    }
}
