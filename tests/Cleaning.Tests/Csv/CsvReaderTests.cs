using System.Text;
using OrleansClean.Cleaning.Csv;
using Record = OrleansClean.Cleaning.Csv.Record;

namespace OrleansClean.Cleaning.Tests.Csv;

public class CsvReaderTests
{
    public static TheoryData<int, bool> Tunings => new()
    {
        { 1, false }, { 1, true }, { 7, false }, { 7, true }, { 64, false }, { 64, true }, { 512 << 10, false }, { 512 << 10, true },
    };

    [Theory]
    [InlineData("a,b\n1,2\n", "1 0 [a|b]", "2 4 [1|2]")]
    [InlineData("a,b\r\n1,2", "1 0 [a|b]", "2 5 [1|2]")]
    [InlineData("a,b\r1,2\r", "1 0 [a|b]", "2 4 [1|2]")]
    [InlineData("a\n\r\n\rb", "1 0 [a]", "blank 2", "blank 3", "4 5 [b]")]
    [InlineData("\"a\nb\",c\nd,e\n", "1 0 [\"a\nb\"|c]", "3 8 [d|e]")]
    [InlineData("\"a\"\"b\",c\n", "1 0 [\"a\"\"b\"|c]")]
    [InlineData("a\"b,c\n", "1 0 [a\"b|c]")]
    [InlineData("\"a\"x,c\nd\n", "1 0 text-after-quote \"a\"x,c", "2 7 [d]")]
    [InlineData("a,\"b\nc,d\n", "1 0 unterminated-quote a,\"b", "2 5 [c|d]")]
    [InlineData("a,\"b", "1 0 unterminated-quote a,\"b")]
    [InlineData("\"\"", "1 0 [\"\"]")]
    [InlineData("", new string[0])]
    [InlineData("a\0b\nc\n", "1 0 nul-byte a\0b", "2 4 [c]")]
    public void Records_are_read_as_they_stand(string input, params string[] expected)
    {
        foreach (var row in Tunings)
        {
            Assert.Equal(expected, Read(Encoding.UTF8.GetBytes(input), true, (int)row[0], (bool)row[1], Limits.Default, Text));
        }
    }

    [Fact]
    public void Random_bytes_are_read_as_the_model_reads_them()
    {
        var seed = Random.Shared.Next();
        Console.WriteLine($"CsvReaderTests seed={seed}");
        var random = new Random(seed);
        ReadOnlySpan<byte> alphabet = "\",\n\r\"\"ab,\n\0é"u8;
        var limits = Limits.Default with { RecordLinesMax = 6 };
        for (var round = 0; round < 3_000; round++)
        {
            var input = new byte[random.Next(0, 200)];
            for (var i = 0; i < input.Length; i++)
            {
                // Mostly letters in some rounds, mostly structure in others: both kinds of trouble are met.
                input[i] = random.Next(0, 100) < round % 100 ? (byte)'x' : alphabet[random.Next(alphabet.Length)];
            }

            var skipBlank = random.Next(2) == 0;
            var expected = NaiveReader.Read(input, (byte)',', skipBlank, limits);
            foreach (var row in Tunings)
            {
                var found = Read(input, skipBlank, (int)row[0], (bool)row[1], limits, Convert.ToHexString);
                Assert.True(
                    expected.SequenceEqual(found),
                    $"seed={seed} round={round} {row[0]} bytes, scalar {row[1]}: {Convert.ToHexString(input)}\n"
                    + $"expected {string.Join(" / ", expected)}\nfound    {string.Join(" / ", found)}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tunings))]
    public void A_line_longer_than_a_record_may_be_costs_itself_alone(int bufferBytes, bool isScalar)
    {
        var limits = Limits.Default with { RecordBytesMax = 100, FieldBytesMax = 100 };
        var input = $"a,b\n{new string('x', 300)},1\nc,d\n{string.Join(',', Enumerable.Repeat("1", 200))}\r\ne,f\n";
        var found = Read(Encoding.UTF8.GetBytes(input), true, bufferBytes, isScalar, limits, Text);

        Assert.Equal(["1 0 [a|b]", "3 307 [c|d]", "5 712 [e|f]"], found.Where(line => line.EndsWith(']')));
        Assert.StartsWith("2 4 field-too-long xxx", found[1], StringComparison.Ordinal);
        Assert.StartsWith("4 311 line-too-long 1,1", found[3], StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_broken_quotes_fails_after_a_thousand()
    {
        var input = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("\"a\"b\n", 1_001)));
        var failure = Assert.Throws<FileFailedException>(
            () => Read(input, true, 64, false, Limits.Default, Text));

        Assert.Equal("malformed-file", failure.Code);
        Assert.Equal(1_001, failure.Line);
    }

    [Fact]
    public void A_quote_that_never_closes_in_a_large_input_costs_one_line()
    {
        var rows = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i},some text of a row,1\n"));
        var found = Read(Encoding.UTF8.GetBytes("1,\"open,1\n" + rows), true, 64 << 10, false, Limits.Default, Text);

        Assert.Equal(200_001, found.Count);
        Assert.Equal("1 0 unterminated-quote 1,\"open,1", found[0]);
        Assert.EndsWith("[199999|some text of a row|1]", found[^1], StringComparison.Ordinal);
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static List<string> Read(
        byte[] input, bool skipBlank, int bufferBytes, bool isScalar, Limits limits, Func<byte[], string> show)
    {
        var tuning = new ReaderTuning { BufferBytes = bufferBytes, IsScalar = isScalar };
        using var reader = new CsvReader(new MemoryStream(input), (byte)',', skipBlank, limits, tuning: tuning);
        var record = new Record();
        var found = new List<string>();
        var blanks = 0L;
        var line = 1L;
        for (var result = reader.Read(record); ; result = reader.Read(record))
        {
            for (; blanks < reader.BlankLines; blanks++)
            {
                found.Add($"blank {line++}");
            }

            if (result == ReadResult.End)
            {
                return found;
            }

            var fields = Enumerable.Range(0, record.FieldCount).Select(i => show(record.RawField(i).ToArray()));
            found.Add(result == ReadResult.Record
                ? $"{record.Line} {record.ByteOffset} [{string.Join('|', fields)}]"
                : $"{record.Line} {record.ByteOffset} {reader.Problem!.Code} {show(record.Raw.ToArray())}");
            line = record.LineEnd + 1;
        }
    }
}
