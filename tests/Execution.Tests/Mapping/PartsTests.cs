using System.Text;
using OrleansClean.Execution.Mapping.Lines;
using OrleansClean.Execution.Mapping.Pools;

namespace OrleansClean.Execution.Tests.Mapping;

public sealed class ChunkSizingTests
{
    [Fact]
    public void Chunks_of_a_list_are_a_share_of_what_remains_and_end_with_single_inputs()
    {
        var sizes = new List<int>();
        for (var remaining = 100; remaining > 0; remaining -= sizes[^1])
        {
            sizes.Add(ChunksOfList.Next(remaining, workers: 2, asked: null));
        }

        Assert.Equal(13, sizes[0]);
        Assert.Equal([1, 1, 1], sizes[^3..]);
        Assert.Equal(sizes.OrderDescending(), sizes);
    }

    [Fact]
    public void A_size_that_is_asked_for_is_kept_and_the_last_chunk_is_what_is_left()
    {
        Assert.Equal(30, ChunksOfList.Next(100, workers: 2, asked: 30));
        Assert.Equal(10, ChunksOfList.Next(10, workers: 2, asked: 30));
        Assert.Equal(ChunksOfList.CountMax, ChunksOfList.Next(int.MaxValue, workers: 2, asked: null));
    }

    [Fact]
    public void Chunks_of_a_stream_grow_while_they_are_quick_and_shrink_when_they_are_slow()
    {
        var sizes = new ChunksOfStream(asked: null);
        Assert.Equal(1, sizes.Size);
        for (var i = 0; i < 20; i++)
        {
            sizes.Measured(sizes.Size, TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(ChunksOfStream.CountMax, sizes.Size);
        sizes.Measured(sizes.Size, TimeSpan.FromMilliseconds(200));
        Assert.Equal(ChunksOfStream.CountMax / 2, sizes.Size);
        sizes.Measured(sizes.Size, TimeSpan.FromMilliseconds(20));
        Assert.Equal(ChunksOfStream.CountMax / 2, sizes.Size);
    }
}

public sealed class MemoTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(5_000)]
    public void It_never_remembers_more_than_its_bound(int countMax)
    {
        var memo = new Memo<int, int>(countMax);
        for (var i = 0; i < countMax * 3; i++)
        {
            memo.Add(i, i);
            Assert.InRange(memo.Count, 1, countMax);
        }

        Assert.True(memo.TryGet((countMax * 3) - 1, out var last));
        Assert.Equal((countMax * 3) - 1, last);
        Assert.Equal(1, memo.Hits);
    }

    [Fact]
    public void What_is_asked_for_stays()
    {
        var memo = new Memo<int, string>(10);
        memo.Add(-1, "kept");
        for (var i = 0; i < 1_000; i++)
        {
            memo.Add(i, "gone");
            Assert.True(memo.TryGet(-1, out _), $"Forgotten after {i} others.");
        }

        Assert.False(memo.TryGet(0, out _));
    }
}

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("", "\"\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    [InlineData("line\nend\ttab\r", "\"line\\nend\\ttab\\r\"")]
    [InlineData("\u001b[31mred\0\u007f", "\"\\u001b[31mred\\u0000\\u007f\"")]
    [InlineData("Müller 日本 😀", "\"Müller 日本 😀\"")]
    [InlineData("a\u202eb\u2028c\u0085", "\"a\\u202eb\\u2028c\\u0085\"")]
    public void Text_is_escaped_where_it_could_steer_a_terminal(string text, string expected)
    {
        var json = new JsonText();
        json.AppendString(text);

        Assert.Equal(expected, Encoding.UTF8.GetString(json.Written));
        Assert.Equal(text, System.Text.Json.JsonSerializer.Deserialize<string>(json.Written));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_shown_as_such()
    {
        var json = new JsonText();
        json.AppendString([(byte)'a', 0xFF, (byte)'b', 0xE2, 0x82]);

        Assert.Equal("\"a\\ufffdb\\ufffd\"", Encoding.UTF8.GetString(json.Written));
    }

    [Fact]
    public void Numbers_have_their_shortest_digits_and_minus_zero_is_zero()
    {
        var json = new JsonText();
        foreach (var number in (double[])[0.1, -0.0, 1e21, 5e-324, 1e20, -2.5])
        {
            json.Append(number);
            json.Append(" "u8);
        }

        json.Append(long.MinValue);
        json.Append(" "u8);
        json.Append(1.50m);

        Assert.Equal("0.1 0 1e21 5e-324 100000000000000000000 -2.5 -9223372036854775808 1.50", Encoding.UTF8.GetString(json.Written));
    }

    [Fact]
    public void Random_text_reads_back_as_it_was()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 500; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => new Rune(random.Next(0, 0xD800)).ToString()));
            var json = new JsonText();
            json.AppendString(text);

            Assert.True(text == System.Text.Json.JsonSerializer.Deserialize<string>(json.Written), $"seed={seed} round={round}");
        }
    }
}

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("\n", new[] { "" })]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("a\nb", new[] { "a", "b" })]
    [InlineData("a\r\nb\r\n", new[] { "a", "b" })]
    [InlineData("a\n\n\nb\n", new[] { "a", "", "", "b" })]
    [InlineData("a\rb\n", new[] { "a\rb" })]
    [InlineData("\uFEFFa\n", new[] { "a" })]
    [InlineData("\0\n\u001b\n", new[] { "\0", "\u001b" })]
    public void A_line_is_an_input(string text, string[] expected)
    {
        Assert.Equal(expected, Read(new MemoryStream(Encoding.UTF8.GetBytes(text))));
        Assert.Equal(expected, Read(new Trickle(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void Lines_of_every_length_come_through_whatever_the_pieces()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        string[] lines = [.. Enumerable.Range(0, 300).Select(i => new string((char)('a' + (i % 26)), random.Next(0, i % 50 == 0 ? 700_000 : 200)))];
        var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));

        Assert.True(lines.SequenceEqual(Read(new MemoryStream(bytes))), $"seed={seed}");
    }

    [Fact]
    public void A_line_that_is_longer_than_the_limit_is_refused_and_the_next_one_is_read()
    {
        var bytes = new byte[LineReader.InputBytesMax + 10];
        bytes.AsSpan().Fill((byte)'x');
        bytes[^3] = (byte)'\n';
        var reader = new LineReader(new MemoryStream(bytes));
        var chunk = new LineChunk(new JsonLinesForm());

        Assert.True(reader.TryRead(chunk, 10));
        Assert.Equal("line-too-long", chunk.Refusal(0)!.Code);
        Assert.InRange(chunk.Line(0).Length, 1, 1_000);
        Assert.True(chunk.Count == 2 || reader.TryRead(chunk, 10));
        Assert.Null(chunk.Refusal(chunk.Count - 1));
        Assert.Equal("xx", chunk.Text(chunk.Count - 1));
    }

    [Fact]
    public void It_does_not_wait_for_more_while_it_has_something()
    {
        var reader = new LineReader(new Trickle("a\nb\n"u8.ToArray()));
        var chunk = new LineChunk(new JsonLinesForm());

        Assert.True(reader.TryRead(chunk, 10));
        Assert.Equal(1, chunk.Count);
    }

    private static List<string> Read(Stream stream)
    {
        var reader = new LineReader(stream);
        var chunk = new LineChunk(new JsonLinesForm());
        var lines = new List<string>();
        while (reader.TryRead(chunk, 7))
        {
            Assert.Equal(lines.Count, chunk.FirstIndex);
            lines.AddRange(Enumerable.Range(0, chunk.Count).Select(chunk.Text));
        }

        return lines;
    }

    // Gives one line, or three bytes where a mark may stand, at a time.
    private sealed class Trickle : MemoryStream
    {
        private readonly byte[] _bytes;

        public Trickle(byte[] bytes)
            : base(bytes) => _bytes = bytes;

        public override int Read(Span<byte> buffer)
        {
            var rest = _bytes.AsSpan((int)Position);
            var end = rest.IndexOf((byte)'\n');
            return base.Read(buffer[..Math.Min(buffer.Length, end < 0 ? Math.Min(rest.Length, 3) : end + 1)]);
        }
    }
}
