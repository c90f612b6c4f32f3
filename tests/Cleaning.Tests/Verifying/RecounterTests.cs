using System.Security.Cryptography;
using System.Text;
using OrleansClean.Cleaning.Reading;
using OrleansClean.Cleaning.Tests.Reading;
using OrleansClean.Cleaning.Verifying;

namespace OrleansClean.Cleaning.Tests.Verifying;

public class RecounterTests
{
    private static readonly DetectedDialect Comma = new() { Encoding = "utf-8", Delimiter = ",", Newline = "\n", HeaderLine = 1 };

    [Theory]
    [InlineData("", 0, 0)]
    [InlineData("a,b\n", 0, 2)]
    [InlineData("a,b\n1,2\n\"x\ny\",\"q\"\"q\"\n", 2, 2)]
    [InlineData("a\r\n1\r\n\"\"\r\n\r\n2\r\n", 4, 1)] // In one column a blank line is a row.
    public void An_output_is_counted_and_hashed(string text, long rows, int columns)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var found = Recounter.Output(new TrickleStream(bytes, 3), null, default);
        Assert.Equal(new OutputRecount(rows, columns, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), null), found);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3\n", "row 2, line 3, has 1 cells, the header has 2 columns")]
    [InlineData("a,b\n1,2\n\n3,4\n", "row 2, line 3, has 1 cells, the header has 2 columns")]
    [InlineData("a,b\n\"1\"x,2\n", "row 1 is no sound CSV: its quotes are broken")]
    [InlineData("a,b\n1,\"2\n", "row 1 is no sound CSV: its quotes are broken")]
    [InlineData("a,b\n1,\xFF\n", "row 0 is no sound CSV: it holds bytes that its encoding does not know")]
    public void A_fault_in_an_output_is_told_and_the_whole_is_hashed_all_the_same(string latin1, string fault)
    {
        var bytes = Encoding.Latin1.GetBytes(latin1);
        var found = Recounter.Output(new MemoryStream(bytes), null, default);
        Assert.Equal(fault, found.Fault);
        Assert.Equal((bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))), (found.Bytes, found.Sha256));
    }

    [Fact]
    public void Reject_records_are_counted_by_code_and_by_step()
    {
        var found = Rejects(Line(2, "type-error", "x"), Line(5, "extra-cell", "y", "read"), Line(9, "type-error", "z"));
        Assert.Null(found.Fault);
        Assert.Equal(3, found.Rows);
        Assert.Equal("extra-cell=1 type-error=2", string.Join(' ', found.Codes.Select(c => $"{c.Key}={c.Value}")));
        Assert.Equal("parse=2 read=1", string.Join(' ', found.Steps.Select(c => $"{c.Key}={c.Value}")));
    }

    [Fact]
    public void Reject_records_out_of_order_repeated_or_damaged_are_a_fault()
    {
        Assert.StartsWith("line 2 speaks of record 2 behind record 2", Rejects(Line(2, "a", "x"), Line(2, "a", "x")).Fault, StringComparison.Ordinal);
        Assert.StartsWith("line 2 is no reject record", Rejects(Line(2, "a", "x"), "{\"record\":3").Fault, StringComparison.Ordinal);
        Assert.StartsWith("line 1 is no reject record", Rejects("{}").Fault, StringComparison.Ordinal);
        Assert.StartsWith("line 1 is no reject record", Rejects("").Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16le")]
    [InlineData("utf-16be")]
    [InlineData("windows-1252")]
    public void Rejected_rows_are_recognised_one_by_one_however_broken(string encoding)
    {
        string[] rows = ["1,\"öpen", "\"é\"x,2", "3", "4,5,6"];
        string[] lines = [.. rows.Select((row, i) => Line(i + 1, "some-code", row)), Line(9, "line-too-long", "left out", "read")];
        const string head = "title\n\na,\"b\nc\"\n";
        var text = head + string.Join("\r\n", rows) + "\n";
        Assert.Equal((4, null), Walk(text, encoding, lines, headerLine: 3));

        Assert.NotNull(Walk(text.Replace("\"é\"x", "\"é\"y", StringComparison.Ordinal), encoding, lines).Fault);
        Assert.NotNull(Walk(text.Replace("\n3\r", "\n33\r", StringComparison.Ordinal), encoding, lines).Fault);
        Assert.NotNull(Walk(text + "7,8\n", encoding, lines).Fault);
        Assert.NotNull(Walk(text[..^6], encoding, lines).Fault);
        Assert.NotNull(Walk(head, encoding, lines).Fault);
        Assert.NotNull(Walk(text, encoding, []).Fault);
    }

    [Fact]
    public void A_row_that_a_step_made_too_long_stands_among_the_rejected_rows_as_it_came() =>
        Assert.Equal((1, null), Walk("a,b\n1,2\n", "utf-8", [Line(1, "field-too-long", "1,2", step: "replace")]));

    [Fact]
    public void A_rejected_row_that_looks_like_the_last_line_of_the_header_is_none_of_the_header()
    {
        string[] rows = [.. Enumerable.Repeat("\"", 70), "1"];
        string[] lines = [.. rows.Select((row, i) => Line(i + 1, "some-code", row))];
        Assert.Equal((71, null), Walk("a,\"\n\"\n" + string.Join('\n', rows) + "\n", "utf-8", lines));
    }

    [Fact]
    public void A_head_that_this_reader_takes_for_shorter_than_it_is_ends_where_all_rows_stand_behind_it() =>
        Assert.Equal((1, null), Walk("a,\"b\\\"\nc\"\nc\"\n", "utf-8", [Line(1, "missing-cell", "c\"")])); // The backslash escapes the quote, if the plan says so.

    [Fact]
    public void A_rejected_row_may_begin_with_the_bytes_of_a_byte_order_mark() =>
        Assert.Equal((1, null), Walk("\uFEFF\n", "utf-8", [Line(2, "missing-cell", "\uFEFF")], headerLine: 0));

    [Fact]
    public void Many_rejected_rows_are_walked_in_a_window()
    {
        var rows = Enumerable.Range(1, 40_000).Select(i => $"{i},{new string('x', i % 700)}").ToArray();
        var lines = rows.Select((row, i) => Line(i + 1, "some-code", row)).ToArray();
        var text = "a,b\n" + string.Join('\n', rows) + "\n";
        Assert.Equal((40_000, null), Walk(text, "utf-8", lines));
        var (found, fault) = Walk(text.Replace("\n30000,", "\n30000;", StringComparison.Ordinal), "utf-8", lines);
        Assert.Equal((29_999, "the row of record 30000 is not there as its reject record says"), (found, fault));
    }

    [Theory]
    [InlineData("a,b\n1,2\n\n\"3\n3\",4\n", 2)]
    [InlineData("a,b\n1,x\"y\n", 1)]
    [InlineData("a,b\n", 0)]
    [InlineData("a,b\n1,2,3\n4", 2)]
    public void The_records_of_an_input_are_counted(string text, long records) =>
        Assert.Equal(new InputRecount(records, null), Recounter.Input(new TrickleStream(Encoding.UTF8.GetBytes(text), 5), Comma, 2, default));

    [Fact]
    public void Other_dialects_and_layers_are_counted_too()
    {
        const string text = "title\r\r#c\ra||b\r1||'2||'\r#no\r3||4";
        var dialect = Comma with { Delimiter = "||", Quote = "'", Comment = "#", HeaderLine = 4, Encoding = "utf-16le", Compression = "gzip", HasBom = true };
        Assert.Equal(new InputRecount(2, null), Recounter.Input(new MemoryStream(Inputs.Gzip(Inputs.Utf16(text))), dialect, 2, default));
        Assert.Equal(new InputRecount(3, null), Recounter.Input(new MemoryStream("1\n\n2\n"u8.ToArray()), Comma with { HeaderLine = 0 }, 1, default));
    }

    [Theory]
    [InlineData("a,b\n\"1\"x,2\n")]
    [InlineData("a,b\n1,\xFF\n")]
    public void An_input_that_cannot_be_counted_says_why(string latin1)
    {
        var found = Recounter.Input(new MemoryStream(Encoding.Latin1.GetBytes(latin1)), Comma, 2, default);
        Assert.Null(found.Records);
        Assert.StartsWith("the second reader cannot read all of it", found.NotPossible, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a||b\n|")]
    [InlineData("a||b\n1|")]
    [InlineData("a||b\n1||2|")]
    [InlineData("a||b\n'1'|")]
    [InlineData("a||b\n1||2\n'|")]
    public void An_input_that_ends_within_a_delimiter_is_counted_or_says_why_not(string text)
    {
        var found = Recounter.Input(new MemoryStream(Encoding.UTF8.GetBytes(text)), Comma with { Delimiter = "||", Quote = "'" }, 2, default);
        Assert.True(found.Records is > 0 || found.NotPossible is not null, $"{found}");
    }

    private static RejectRecount Rejects(params string[] lines) => Recounter.Rejects(Lines(lines), null, default);

    private static MemoryStream Lines(string[] lines) => new(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    private static (long Rows, string? Fault) Walk(string text, string encoding, string[] lines, int headerLine = 1)
    {
        byte[] content = encoding switch
        {
            "utf-16le" => Inputs.Utf16(text),
            "utf-16be" => Inputs.Utf16(text, bigEndian: true),
            "windows-1252" => Encoding.Latin1.GetBytes(text),
            _ => Encoding.UTF8.GetBytes(text),
        };
        var dialect = Comma with { Encoding = encoding, HeaderLine = headerLine };
        var found = Recounter.RejectRows(new TrickleStream(content, 1_001), Lines(lines), dialect, null, default);
        Assert.Equal(content.Length, found.Bytes);
        return (found.Rows, found.Fault);
    }

    private static string Line(int record, string code, string raw, string step = "parse") =>
        System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["record"] = record,
            ["code"] = code,
            ["step"] = step,
            ["byte_length"] = Encoding.UTF8.GetByteCount(raw),
            ["raw"] = raw,
        });
}
