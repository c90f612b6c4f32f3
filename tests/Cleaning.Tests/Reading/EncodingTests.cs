using System.Text;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cleaning.Reading;

namespace OrleansClean.Cleaning.Tests.Reading;

public class EncodingTests
{
    private const string Table = "id,städte,€\n1,Köln – “alt”,5\n2,Ørsted,7\n";

    public static TheoryData<string, string, byte[]> Encoded => new()
    {
        { "utf-8", "", Encoding.UTF8.GetBytes(Table) },
        { "utf-8", "bom", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Table)] },
        { "utf-16le", "bom", Inputs.Utf16(Table) },
        { "utf-16be", "bom", Inputs.Utf16(Table, bigEndian: true) },
        { "utf-16le", "", Inputs.Utf16(Table, bom: false) },
        { "utf-16be", "", Inputs.Utf16(Table, bigEndian: true, bom: false) },
        { "windows-1252", "", Windows(Table) },
    };

    [Theory]
    [MemberData(nameof(Encoded))]
    public void One_table_in_every_encoding_is_one_text_and_goes_back_to_the_same_bytes(string encoding, string bom, byte[] content)
    {
        foreach (var bytesAtOnce in new[] { 1, 2, 5, int.MaxValue })
        {
            foreach (var stored in new[] { content, Inputs.Gzip(content) })
            {
                var input = Inputs.Open(stored, bytesAtOnce: bytesAtOnce);
                Assert.Equal((encoding, bom == "bom"), (input.Dialect.Encoding, input.Dialect.HasBom));
                Assert.Equal(stored == content ? null : "gzip", input.Dialect.Compression);
                Assert.Equal(["id", "städte", "€"], input.Header);
                var text = Inputs.ReadAll(input.OpenDecoded());
                Assert.Equal(Table, Encoding.UTF8.GetString(text));
                Assert.Equal(content, EncodedBack(input, text, bytesAtOnce));
            }
        }
    }

    [Theory]
    [InlineData("utf-8", "a,b\n1,2\n")]
    [InlineData("utf-8", "a,b\n1,\xC3\xA9\n2,\xC3\xA8\n3,\xE9\n")] // Mostly valid UTF-8: the third row alone is rejected.
    [InlineData("windows-1252", "name,city\nJos\xE9,M\xFCnchen\nRen\xE9e,Orl\xE9" + "ans\n")]
    [InlineData("windows-1252", "text\nit\x92s \x93quoted\x94 \x96 5 \x80\n")]
    [InlineData("utf-8", "a,b\n1,\xFF\xFE\n2,x\n")] // Would make no sense in Windows-1252 either.
    [InlineData("utf-8", "a,b\nJos\xE9,\x81\n")] // 81 has no character there.
    [InlineData("utf-8", "a,b\n1,x\0y\n")]
    [InlineData("utf-8", "\xFF\xFE" + "a,b\n1,2\n")] // A mark of UTF-16 before text that has not one zero.
    public void The_encoding_is_settled_by_the_bytes(string expected, string latin1)
    {
        var content = Encoding.Latin1.GetBytes(latin1);
        Assert.Equal(expected, EncodingDetector.Detect(content, pinned: null).Name);
    }

    [Fact]
    public void Invalid_bytes_behind_a_sample_of_ASCII_cost_their_rows_only()
    {
        var rows = string.Concat(Enumerable.Range(0, 12_000).Select(i => $"{i},plain\n"));
        var input = Inputs.Open(Encoding.Latin1.GetBytes($"id,text\n{rows}12000,caf\xE9\n12001,end\n"));
        Assert.Equal("utf-8", input.Dialect.Encoding);
        var found = Inputs.Records(input);
        Assert.Contains("encoding-error 12000,caf\xE9", found[12_000], StringComparison.Ordinal);
        Assert.EndsWith("[12001|end]", found[12_001], StringComparison.Ordinal);
    }

    [Fact]
    public void A_sample_that_ends_within_a_character_is_valid()
    {
        var content = Encoding.UTF8.GetBytes("x\n" + new string('é', 40_000));
        Assert.Equal("utf-8", Inputs.Open(content).Dialect.Encoding);
        Assert.Equal("utf-8", Inputs.Open([(byte)'y', .. content]).Dialect.Encoding);
    }

    [Theory]
    [InlineData("utf-16le", new byte[] { 0x61, 0, 0x0A, 0, 0x62 }, "byte 4 is not utf-16le: the file ends in the middle of a character")]
    [InlineData("utf-16le", new byte[] { 0x61, 0, 0x0A, 0, 0, 0xD8, 0x62, 0 }, "byte 4 is not utf-16le: half a surrogate pair, D800")]
    [InlineData("utf-16be", new byte[] { 0, 0x61, 0, 0x0A, 0xDC, 1 }, "byte 4 is not utf-16be: half a surrogate pair, DC01")]
    [InlineData("utf-16le", new byte[] { 0xFF, 0xFE, 0x61, 0, 0x0A, 0, 0, 0xDC }, "byte 6 is not utf-16le: half a surrogate pair, DC00")]
    [InlineData("windows-1252", new byte[] { 0x61, 0x0A, 0x62, 0x8D }, "byte 3 is not windows-1252: 8D has no character there")]
    public void Bytes_that_cannot_be_decoded_fail_the_file_with_their_place(string pinned, byte[] content, string expected)
    {
        foreach (var bytesAtOnce in new[] { 1, int.MaxValue })
        {
            var failure = Assert.Throws<FileFailedException>(() =>
                Inputs.Records(Inputs.Open(content, new ReadOptions { Encoding = pinned }, bytesAtOnce: bytesAtOnce)));
            Assert.Equal(ProblemCodes.EncodingError, failure.Code);
            Assert.StartsWith(expected, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Random_text_survives_every_encoding_in_any_pieces()
    {
        var seed = Random.Shared.Next();
        Console.WriteLine($"EncodingTests seed={seed}");
        var random = new Random(seed);
        string[] pieces = ["a", ",", "\n", "é", "€", "…", "Ÿ", "\"", "\u00A0"];
        for (var round = 0; round < 200; round++)
        {
            var text = "h\n" + string.Concat(Enumerable.Range(0, random.Next(1, 4_000)).Select(_ => pieces[random.Next(pieces.Length)]));
            var emoji = text + "😀日本";
            foreach (var (encoding, content, expected) in new[]
            {
                ("windows-1252", Windows(text), text), ("utf-16le", Inputs.Utf16(emoji), emoji), ("utf-16be", Inputs.Utf16(emoji, bigEndian: true), emoji),
            })
            {
                var layers = InputLayers.Settle(() => new TrickleStream(content, random.Next(1, 50)), encoding, Cleaning.Csv.Limits.Default, out var decoded);
                var utf8 = Inputs.ReadAll(decoded);
                Assert.True(expected == Encoding.UTF8.GetString(utf8), $"seed={seed} round={round} {encoding}");
                var back = new MemoryStream();
                using var encode = new EncodingStream(back, encoding, layers.Encoding.BomBytes > 0);
                foreach (var piece in utf8.Chunk(random.Next(1, 9)))
                    encode.Write(piece);
                Assert.True(content.AsSpan().SequenceEqual(back.ToArray()), $"seed={seed} round={round} {encoding}");
            }
        }
    }

    [Fact]
    public void Every_byte_of_windows_1252_goes_there_and_back_but_five()
    {
        var undefined = 0;
        for (var value = 0x80; value <= 0xFF; value++)
        {
            var utf8 = Windows1252.ToUtf8((byte)value);
            if (utf8.IsEmpty)
            {
                undefined++;
                continue;
            }

            Rune.DecodeFromUtf8(utf8, out var rune, out _);
            Assert.True(Windows1252.TryEncode(rune, out var back));
            Assert.Equal(value, back);
        }

        Assert.Equal(5, undefined);
        Assert.False(Windows1252.TryEncode(new Rune('\u0081'), out _));
        Assert.False(Windows1252.TryEncode(new Rune('日'), out _));
    }

    private static byte[] EncodedBack(InputFile input, byte[] text, int bytesAtOnce)
    {
        var back = new MemoryStream();
        using var stream = input.EncodeLikeInput(back);
        foreach (var piece in text.Chunk(Math.Min(bytesAtOnce, text.Length)))
            stream.Write(piece);
        return back.ToArray();
    }

    private static byte[] Windows(string text)
    {
        var bytes = new List<byte>();
        foreach (var rune in text.EnumerateRunes())
        {
            Assert.True(Windows1252.TryEncode(rune, out var one));
            bytes.Add(one);
        }

        return [.. bytes];
    }
}
