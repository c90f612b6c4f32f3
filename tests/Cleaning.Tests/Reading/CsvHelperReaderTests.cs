using System.Text;
using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cleaning.Reading;
using Record = OrleansClean.Cleaning.Csv.Record;

namespace OrleansClean.Cleaning.Tests.Reading;

public class CsvHelperReaderTests
{
    [Theory]
    [InlineData("||", "\"", null, null, "a||b\n1||2|3\n\"4||4\"||5\n", "1 2-2 @5 [1|2|3]", "2 3-3 @12 [4||4|5]", "blank 0")]
    [InlineData(",", "'", null, null, "a,b\n'1,1','it''s'\n", "1 2-2 @4 [1,1|it's]", "blank 0")]
    [InlineData(",", "\"", "\\", null, "a,b\n\"x\\\"y\\\\\",\"C:\\dir\"\n", "1 2-2 @4 [x\"y\\|C:\\dir]", "blank 0")]
    [InlineData(",", "", null, null, "a,b\n\"1,2\"\n", "1 2-2 @4 [\"1|2\"]", "blank 0")]
    [InlineData(";", "\"", null, "#", "a;b\n#no;record\n1;2\n\n3;#4\n", "1 3-3 @15 [1|2]", "2 5-5 @20 [3|#4]", "blank 2")]
    [InlineData("§", "\"", null, null, "a§b\n1§ü\n", "1 2-2 @5 [1|ü]", "blank 0")]
    [InlineData(" ", "\"", null, null, "a b\n1 \"2 3\"\n", "1 2-2 @4 [1|2 3]", "blank 0")]
    [InlineData("::", "\"", null, null, "a::b\n\"1\"x::2\n3::\"4\n5::6\n", "1 2-2 @5 text-after-quote \"1\"x::2", "2 3-3 @13 unterminated-quote 3::\"4", "3 4-4 @19 [5|6]", "blank 0")]
    [InlineData("::", "\"", null, null, "a::b\n1::x\0\n3::4\"\"", "1 2-2 @5 nul-byte 1::x\0", "2 3-3 @11 [3|4\"\"]", "blank 0")]
    [InlineData("::", "\"", null, null, "a::b\r\n\"1\r2\"::\r\n\r\n::", "1 2-3 @6 [1\r2|]", "2 5-5 @17 [|]", "blank 1")]
    public void Dialects_beyond_the_fast_reader_follow_the_same_rule(
        string delimiter, string quote, string? escape, string? comment, string text, params string[] expected)
    {
        var options = new ReadOptions { Delimiter = delimiter, Quote = quote, Escape = escape, Comment = comment, HeaderLine = 1 };
        foreach (var bytesAtOnce in new[] { 1, 3, int.MaxValue })
        {
            var input = Inputs.Open(Encoding.UTF8.GetBytes(text), options, bytesAtOnce: bytesAtOnce);
            Assert.Equal(expected, Inputs.Records(input, new ReaderTuning { BufferBytes = bytesAtOnce == 3 ? 1 : 4096 }));
        }
    }

    [Fact]
    public void Both_readers_read_the_same_from_random_bytes()
    {
        var seed = Random.Shared.Next();
        Console.WriteLine($"CsvHelperReaderTests seed={seed}");
        var random = new Random(seed);
        ReadOnlySpan<byte> alphabet = "\",\n\r\"\"ab,\n\0é\xFF"u8;
        var dialect = new DetectedDialect { Encoding = "utf-8", Delimiter = ",", Newline = "\n" };
        var limits = Limits.Default with { RecordLinesMax = 6, RecordBytesMax = 100, FieldBytesMax = 60 };
        for (var round = 0; round < 3_000; round++)
        {
            var content = new byte[random.Next(0, 300)];
            for (var i = 0; i < content.Length; i++)
                content[i] = random.Next(0, 100) < round % 100 ? (byte)'x' : alphabet[random.Next(alphabet.Length)];
            var skipBlank = random.Next(2) == 0;
            using var fast = new CsvReader(new MemoryStream(content), (byte)',', skipBlank, limits);
            using var other = new CsvHelperReader(new TrickleStream(content, random.Next(1, 60)), dialect, skipBlank, limits, tuning: new ReaderTuning { BufferBytes = random.Next(1, 99) });
            var expected = Inputs.Records(fast);
            var found = Inputs.Records(other);
            Assert.True(
                expected.SequenceEqual(found),
                $"seed={seed} round={round} skipBlank={skipBlank}: {Convert.ToHexString(content)}\n"
                + $"fast:\n{string.Join('\n', expected)}\nother:\n{string.Join('\n', found)}");
        }
    }

    [Fact]
    public void A_line_far_too_long_is_passed_over_in_bounded_memory()
    {
        var head = Encoding.UTF8.GetBytes("a::b\n1::");
        var content = new byte[head.Length + (20 << 20)];
        head.CopyTo(content, 0);
        content.AsSpan(head.Length).Fill((byte)'x');
        "\r\n2::3\n"u8.CopyTo(content.AsSpan(content.Length - 7));
        var input = Inputs.Open(content, new ReadOptions { Delimiter = "::" });
        using var reader = input.OpenReader(new ReaderTuning { BufferBytes = 4096 });
        var record = new Record();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(ReadResult.Broken, reader.Read(record));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        Assert.Equal((ProblemCodes.FieldTooLong, true, 2L), (reader.Problem!.Code, record.IsTruncated, record.Line));
        Assert.Equal(["2 3-3 @20971523 [2|3]", "blank 0"], Inputs.Records(reader));
    }

    [Fact]
    public void More_broken_records_than_the_limit_fail_the_file()
    {
        var text = "a::b\n" + string.Concat(Enumerable.Repeat("\"x\"y::1\n", 4));
        var options = new ReadOptions { Delimiter = "::" };
        Assert.Equal(5, Inputs.Records(Inputs.Open(text, options, Limits.Default with { BrokenRecordsMax = 4 })).Count);
        var failure = Inputs.Fails(Encoding.UTF8.GetBytes(text), options, Limits.Default with { BrokenRecordsMax = 3 });
        Assert.Equal(ProblemCodes.MalformedFile, failure.Code);
    }
}
