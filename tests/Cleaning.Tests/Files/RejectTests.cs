using System.Text;
using System.Text.Json;
using EvidenceRun = OrleansClean.Cleaning.Tests.Evidence.CleaningRun;

namespace OrleansClean.Cleaning.Tests.Files;

/// <summary>A rejected row is kept twice: as a record that says everything, and as the bytes it had.</summary>
public class RejectTests
{
    private const string Parse = "plan: 1\nname: t\nsteps:\n  - parse: {b: integer}\nwrite: o.csv\n";

    [Fact]
    public void A_record_says_where_what_and_why()
    {
        var run = EvidenceRun.Of(Parse, "a,b\n1,2\n\"x\ny\",12O\n"u8.ToArray());
        using var document = JsonDocument.Parse(run.Outputs.RejectRecords);
        var reject = document.RootElement;

        Assert.Equal(
            ["batch", "file", "record", "line", "line_end", "byte_offset", "byte_length", "column_index", "column", "step",
                "step_fingerprint", "code", "severity", "message", "expected", "value", "raw"],
            reject.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            "in.csv 2 3 4 8 9 1 b parse type-error integer 12O \"x\ny\",12O",
            string.Join(' ', new[] { "file", "record", "line", "line_end", "byte_offset", "byte_length", "column_index", "column",
                "step", "code", "expected", "value", "raw" }.Select(name => reject.GetProperty(name).ToString())));
        Assert.DoesNotContain("12O", reject.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rejected_rows_stand_under_their_own_header_as_they_were()
    {
        var run = EvidenceRun.Of(Parse, "a,b\r\n1,x\r\n2,3\r\n\"4\",y\r\n5,\"6\"7\r\n"u8.ToArray());

        Assert.Equal("a,b\r\n1,x\r\n\"4\",y\r\n5,\"6\"7\r\n", Encoding.UTF8.GetString(run.Outputs.RejectRows));
        Assert.Equal("a,b\n2,3\n", Encoding.UTF8.GetString(run.Outputs.Output));
    }

    [Fact]
    public void Rejected_rows_keep_the_encoding_of_their_file()
    {
        var text = "a;b\r\nÄ;x\r\nÖ;2\r\nÜ;y\r\n";
        var input = new UnicodeEncoding(bigEndian: false, byteOrderMark: true);
        var run = EvidenceRun.Of(Parse, [.. input.GetPreamble(), .. input.GetBytes(text)]);

        Assert.Equal(
            Convert.ToHexString([.. input.GetPreamble(), .. input.GetBytes("a;b\r\nÄ;x\r\nÜ;y\r\n")]),
            Convert.ToHexString(run.Outputs.RejectRows));
    }

    [Fact]
    public void Bytes_that_are_not_text_are_kept_in_base_64()
    {
        byte[] input = [.. "a,b\nü,1\nü,2\nü,4\n"u8, 0xFF, .. ",3\n"u8];
        var run = EvidenceRun.Of(Parse, input);
        using var document = JsonDocument.Parse(run.Outputs.RejectRecords);

        Assert.Equal("encoding-error", document.RootElement.GetProperty("code").GetString());
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("raw").ValueKind);
        Assert.Equal("/ywz", document.RootElement.GetProperty("rawBase64").GetString());
    }

    [Fact]
    public void Long_rows_are_cut_between_characters_and_say_so()
    {
        var cell = new string('é', 3_000);
        var run = EvidenceRun.Of(Parse, Encoding.UTF8.GetBytes($"a,b\n1{cell},x\n"));
        using var document = JsonDocument.Parse(run.Outputs.RejectRecords);

        Assert.Equal($"1{new string('é', 2_047)}", document.RootElement.GetProperty("raw").GetString());
        Assert.True(document.RootElement.GetProperty("rawTruncated").GetBoolean());
        Assert.Equal($"a,b\n1{cell},x\n", Encoding.UTF8.GetString(run.Outputs.RejectRows));
    }

    [Theory]
    [InlineData(4_094, false)]
    [InlineData(4_095, true)]
    public void Long_values_are_cut_between_characters_and_say_so(int lettersBefore, bool isCut)
    {
        var letters = new string('x', lettersBefore);
        var run = EvidenceRun.Of(Parse, Encoding.UTF8.GetBytes($"a,b\n1,{letters}é\n"));
        using var document = JsonDocument.Parse(run.Outputs.RejectRecords);

        Assert.Equal(isCut ? letters : letters + "é", document.RootElement.GetProperty("value").GetString());
        Assert.Equal(isCut, document.RootElement.TryGetProperty("valueTruncated", out _));
    }

    [Theory]
    [InlineData(",")]
    [InlineData("||")]
    public void A_row_too_long_to_keep_has_its_whole_length(string delimiter)
    {
        var plan = $"plan: 1\nname: t\nread: {{delimiter: \"{delimiter}\", header: 1}}\nwrite: o.csv\n";
        var row = new string('x', 3 << 20);
        var run = EvidenceRun.Of(plan, Encoding.UTF8.GetBytes($"a{delimiter}b\n{row}\r\n1{delimiter}2\n"));
        using var document = JsonDocument.Parse(run.Outputs.RejectRecords);

        Assert.Equal(row.Length, document.RootElement.GetProperty("byte_length").GetInt64());
        Assert.True(document.RootElement.GetProperty("rawTruncated").GetBoolean());
        Assert.Empty(run.Outputs.RejectRows);
    }

    [Fact]
    public void Nothing_is_opened_when_nothing_is_rejected()
    {
        var run = EvidenceRun.Of(Parse, "a,b\n1,2\n"u8.ToArray());

        Assert.Empty(run.Outputs.RejectRecords);
        Assert.Empty(run.Outputs.RejectRows);
    }
}
