using System.Text;
using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Tests.Reading;

public class InputFileTests
{
    [Fact]
    public void Records_are_numbered_from_one_behind_the_header_at_their_physical_lines()
    {
        var input = Inputs.Open("Report of May\n\nid,\"two\nlines\",x\n1,2,3\n\n\"4\n4\",5,6");
        Assert.Equal(["id", "two\nlines", "x"], input.Header);
        Assert.Equal("Report of May\n\nid,\"two\nlines\",x\n", Encoding.UTF8.GetString(input.Head.Span));
        Assert.Equal((3, 1, 1L), (input.Dialect.HeaderLine, input.Dialect.PreambleLines, input.BlankLines));
        Assert.Equal(["1 5-5 @32 [1|2|3]", "2 7-8 @39 [4\n4|5|6]", "blank 1"], Inputs.Records(input));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("\n\r\n\r\n", 3)]
    public void An_input_without_text_has_no_columns_and_no_records(string text, int blank)
    {
        foreach (var options in new[] { new ReadOptions(), new ReadOptions { HeaderLine = 3 }, new ReadOptions { Columns = ["a"] }, new ReadOptions { Delimiter = "||" } })
        {
            var input = Inputs.Open(text, options);
            Assert.Empty(input.Header);
            Assert.Equal(0, input.Head.Length);
            Assert.Equal((0, 0), (input.Dialect.HeaderLine, input.Dialect.PreambleLines));
            Assert.Equal([$"blank {blank}"], Inputs.Records(input));
        }

        byte[] mark = [0xEF, 0xBB, 0xBF];
        Assert.Equal([$"blank {blank}"], Inputs.Records(Inputs.Open([.. mark, .. Encoding.UTF8.GetBytes(text)])));
        Assert.Equal([$"blank {blank}"], Inputs.Records(Inputs.Open(Inputs.Gzip(Encoding.UTF8.GetBytes(text)))));
    }

    [Theory]
    [InlineData("a,b", "a|b")]
    [InlineData("a,b\r\n", "a|b")]
    [InlineData("   ", "   ")]
    [InlineData(" \t \n", " | ")]
    [InlineData(",", "|")]
    public void A_header_alone_has_columns_and_no_records(string text, string header)
    {
        var input = Inputs.Open(text);
        Assert.Equal(header, string.Join('|', input.Header));
        Assert.Equal(["blank 0"], Inputs.Records(input));
    }

    [Fact]
    public void Blank_lines_are_records_where_there_is_one_column_only()
    {
        Assert.Equal(["1 2-2 @2 [x]", "2 3-3 @4 []", "3 4-4 @5 [y]", "blank 0"], Inputs.Records(Inputs.Open("a\nx\n\ny\n")));
        Assert.Equal(["1 5-5 @7 [x|y]", "blank 2"], Inputs.Records(Inputs.Open("\na,b\n\n\nx,y\n")));
    }

    [Fact]
    public void A_pinned_header_line_is_a_physical_line_and_all_above_it_is_passed_over()
    {
        var input = Inputs.Open("x,\"y\n\nz\na,b\n1,2\n", new ReadOptions { HeaderLine = 4 });
        Assert.Equal(["a", "b"], input.Header);
        Assert.Equal((4, 2, 1L), (input.Dialect.HeaderLine, input.Dialect.PreambleLines, input.BlankLines));
        Assert.Equal("1 5-5 @12 [1|2]", Inputs.Records(input)[0]);
        foreach (var line in new[] { 2, 6, 99 })
            Assert.Equal(ProblemCodes.BlankHeader, Inputs.Fails("x,\"y\n\nz\na,b\n1,2\n"u8.ToArray(), new ReadOptions { HeaderLine = line }).Code);
    }

    [Fact]
    public void A_file_without_header_gets_names_and_its_first_line_is_a_record()
    {
        var input = Inputs.Open("1,2\n3,4\n", new ReadOptions { HeaderLine = 0 });
        Assert.Equal(["column_1", "column_2"], input.Header);
        Assert.Equal((0, 0), (input.Dialect.HeaderLine, input.Head.Length));
        Assert.Equal(["1 1-1 @0 [1|2]", "2 2-2 @4 [3|4]", "blank 0"], Inputs.Records(input));
        Assert.Equal(["x", "y"], Inputs.Open("1,2\n", new ReadOptions { HeaderLine = 0, Columns = ["x", "y"] }).Header);
    }

    [Fact]
    public void Names_of_the_plan_replace_those_of_the_header_one_for_one()
    {
        Assert.Equal(["x", "y"], Inputs.Open("a,b\n1,2\n", new ReadOptions { Columns = ["x", "y"] }).Header);
        var failure = Inputs.Fails("a,b\n1,2\n"u8.ToArray(), new ReadOptions { Columns = ["x"] });
        Assert.Equal("read.columns names 1 columns, the header has 2; name each of them", failure.Message);
    }

    [Theory]
    [InlineData("\"a\"x,b\n1,2\n", ProblemCodes.TextAfterQuote)]
    [InlineData("a,\"b\n1,2\n", ProblemCodes.UnterminatedQuote)]
    [InlineData("a,b\0\n1,2\n", ProblemCodes.NulByte)]
    [InlineData("a,\xFF\xFF\n1,2\n", ProblemCodes.EncodingError)]
    public void A_header_that_cannot_be_read_fails_the_file(string latin1, string code)
    {
        var failure = Inputs.Fails(Encoding.Latin1.GetBytes(latin1), new ReadOptions { HeaderLine = 1, Delimiter = "," });
        Assert.Equal((code, 1L), (failure.Code, failure.Line));
    }

    [Fact]
    public void A_million_columns_and_a_header_without_end_fail_the_file()
    {
        var wide = Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => $"c{i}")) + "\n1\n");
        Assert.Equal(ProblemCodes.TooManyColumns, Inputs.Fails(wide).Code);
        Assert.Equal(ProblemCodes.LineTooLong, Inputs.Fails(new string('x', 2 << 20).Select(c => (byte)c).ToArray()).Code);
        var limits = Limits.Default with { ColumnsMax = 2 };
        Assert.Equal(ProblemCodes.TooManyColumns, Inputs.Fails("a,b,c\n"u8.ToArray(), limits: limits).Code);
        Assert.Equal(2, Inputs.Open("a,b\n", limits: limits).Header.Count);
    }

    [Fact]
    public void A_header_longer_than_the_sample_is_read_whole()
    {
        var names = Enumerable.Range(0, 10_000).Select(i => $"column number {i}").ToArray();
        var input = Inputs.Open($"{string.Join(';', names)}\n{string.Join(';', Enumerable.Range(0, 10_000))}\n");
        Assert.Equal(names, input.Header);
        Assert.StartsWith("1 2-2 @", Inputs.Records(input)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Blank_lines_before_the_header_are_passed_over_however_many()
    {
        var input = Inputs.Open(new string('\n', 200_000) + "a;b\n1;2\n");
        Assert.Equal((200_001, 0, 200_000L), (input.Dialect.HeaderLine, input.Dialect.PreambleLines, input.BlankLines));
        Assert.Equal("1 200002-200002 @200004 [1|2]", Inputs.Records(input)[0]);
        Assert.Equal(ProblemCodes.BlankHeader, Inputs.Fails(new string('\n', 6 << 20).Select(c => (byte)c).ToArray()).Code);
    }

    [Fact]
    public void Byte_offsets_count_the_mark_of_UTF_8_because_it_is_in_the_file()
    {
        var content = "a,b\n1,2\n"u8.ToArray();
        Assert.Equal("1 2-2 @7 [1|2]", Inputs.Records(Inputs.Open([0xEF, 0xBB, 0xBF, .. content]))[0]);
        Assert.Equal("1 2-2 @4 [1|2]", Inputs.Records(Inputs.Open(Inputs.Utf16("a,b\n1,2\n")))[0]);
    }

    [Fact]
    public void Plain_gzip_and_trickling_inputs_give_the_same_records()
    {
        var text = Encoding.UTF8.GetBytes("id,näme,x\n" + string.Concat(Enumerable.Range(0, 5_000).Select(i =>
            i % 97 == 0 ? $"{i},\"a\"b,1\n" : i % 89 == 0 ? $"{i},\"line\nline \"\"{i}\"\"\",\r\n" : $"{i},plain ü {i},{i * 3}\n")));
        var expected = Inputs.Records(Inputs.Open(text));
        Assert.Equal(expected, Inputs.Records(Inputs.Open(Inputs.Gzip(text))));
        Assert.Equal(expected, Inputs.Records(Inputs.Open(Inputs.Gzip(text), bytesAtOnce: 1)));
        Assert.Equal(expected, Inputs.Records(Inputs.Open(text, bytesAtOnce: 3), new ReaderTuning { BufferBytes = 7 }));
        Assert.Contains(expected, r => r.Contains("text-after-quote", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4, 20 }, "zip")]
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 4 }, "zstd")]
    [InlineData(new byte[] { (byte)'B', (byte)'Z', (byte)'h', (byte)'9', 0x31, 0x41 }, "bzip2")]
    public void Other_compressed_files_are_named_and_refused(byte[] content, string name)
    {
        var failure = Inputs.Fails(content);
        Assert.Equal(ProblemCodes.CompressionError, failure.Code);
        Assert.StartsWith($"the file is {name}-compressed; of compressed files only gzip is read", failure.Message, StringComparison.Ordinal);
    }
}
