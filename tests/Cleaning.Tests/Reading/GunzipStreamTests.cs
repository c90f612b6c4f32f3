using System.IO.Compression;
using System.Text;
using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Reading;

namespace OrleansClean.Cleaning.Tests.Reading;

public class GunzipStreamTests
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 300).Select(i => $"{i},{i * i},name {i % 7}\n")));

    public static TheoryData<int> Chunks => [1, 3, 7, 4096, int.MaxValue];

    [Theory]
    [MemberData(nameof(Chunks))]
    public void A_gzip_gives_what_was_packed(int bytesAtOnce)
    {
        foreach (var level in new[] { CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.SmallestSize })
            Assert.Equal(Text, Unpack(Inputs.Gzip(Text, level), bytesAtOnce));
    }

    [Theory]
    [MemberData(nameof(Chunks))]
    public void Members_are_read_to_the_last_one_and_zeros_may_follow(int bytesAtOnce)
    {
        byte[] packed = [.. Inputs.Gzip(Text), .. EmptyMember, .. Inputs.Gzip([]), .. Inputs.Gzip("x"u8.ToArray()), .. EmptyMember, .. Inputs.Gzip(Text)];
        byte[] expected = [.. Text, (byte)'x', .. Text];
        Assert.Equal(expected, Unpack(packed, bytesAtOnce));
        Assert.Equal(expected, Unpack([.. packed, .. new byte[20_000]], bytesAtOnce));
    }

    [Fact]
    public void A_gzip_cut_anywhere_fails_and_never_passes_for_a_good_one()
    {
        byte[] packed = [.. Inputs.Gzip("a,b\n1,2\n"u8.ToArray()), .. EmptyMember, .. Inputs.Gzip(Text[..500])];
        var firstMembers = new[] { Inputs.Gzip("a,b\n1,2\n"u8.ToArray()).Length, Inputs.Gzip("a,b\n1,2\n"u8.ToArray()).Length + EmptyMember.Length };
        for (var length = 1; length < packed.Length; length++)
        {
            var cut = packed[..length];
            if (firstMembers.Contains(length))
            {
                Assert.Equal("a,b\n1,2\n"u8.ToArray(), Unpack(cut));
                continue;
            }

            var failure = Assert.Throws<FileFailedException>(() => Unpack(cut));
            Assert.Equal(ProblemCodes.CompressionError, failure.Code);
            Assert.Contains("early", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_gzip_that_ends_early_is_told_with_its_last_byte()
    {
        var noise = new byte[60_000];
        new Random(1).NextBytes(noise);
        var failure = Assert.Throws<FileFailedException>(() => Unpack(Inputs.Gzip(noise)[..48_576]));
        Assert.Equal("gzip ends early at byte 48,576; fetch the file again", failure.Message);
    }

    [Fact]
    public void A_flipped_bit_never_changes_the_content_in_silence()
    {
        var packed = Inputs.Gzip(Text[..400]);
        var harmless = 0;
        for (var at = 10; at < packed.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                byte[] damaged = [.. packed];
                damaged[at] ^= (byte)(1 << bit);
                try
                {
                    // A few bits between the last code and the next byte mean nothing: then nothing is lost either.
                    Assert.Equal(Text[..400], Unpack(damaged));
                    harmless++;
                }
                catch (FileFailedException failure)
                {
                    Assert.Equal(ProblemCodes.CompressionError, failure.Code);
                }
            }
        }

        Assert.InRange(harmless, 0, 7);
    }

    [Fact]
    public void Other_data_behind_the_last_member_fails()
    {
        byte[] packed = [.. Inputs.Gzip(Text), .. "tail"u8];
        var failure = Assert.Throws<FileFailedException>(() => Unpack(packed));
        Assert.Contains($"followed by other data at byte {(packed.Length - 4).ToString("N0", null)}", failure.Message, StringComparison.Ordinal);
        Assert.Throws<FileFailedException>(() => Unpack([.. Inputs.Gzip(Text), 0, 0, 1]));
    }

    [Fact]
    public void Name_comment_extra_and_checksum_of_the_header_are_passed_over()
    {
        var plain = Inputs.Gzip(Text);
        byte[] header = [0x1F, 0x8B, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 3, 0, 9, 9, 9, (byte)'n', 0, (byte)'c', 0, 0xAA, 0xBB];
        Assert.Equal(Text, Unpack([.. header, .. plain[10..]]));
    }

    [Fact]
    public void A_bomb_is_refused_when_it_has_grown_too_much()
    {
        var packed = Inputs.Gzip(new byte[40 << 20], CompressionLevel.SmallestSize);
        using var stream = new GunzipStream(new MemoryStream(packed), Limits.Default);
        var buffer = new byte[1 << 16];
        var bytes = 0L;
        var failure = Assert.Throws<FileFailedException>(() =>
        {
            for (var got = stream.Read(buffer); got > 0; got = stream.Read(buffer))
                bytes += got;
        });
        Assert.Contains("more than 200 times its size", failure.Message, StringComparison.Ordinal);
        Assert.InRange(bytes, (16 << 20) - buffer.Length, 16 << 20);
    }

    [Fact]
    public void The_checksum_is_that_of_gzip()
    {
        Assert.Equal(0xCBF43926u, Crc32.Append(0, "123456789"u8));
        for (var length = 0; length < 700; length++)
        {
            var bytewise = 0u;
            foreach (var one in Text[..length])
                bytewise = Crc32.Append(bytewise, [one]);
            Assert.Equal(bytewise, Crc32.Append(0, Text.AsSpan(0, length)));
            Assert.Equal(bytewise, Crc32.Append(Crc32.Append(0, Text.AsSpan(0, length / 3)), Text.AsSpan(length / 3, length - (length / 3))));
        }
    }

    /// <summary>A member whose trailer is all zeros, the last of which must not be taken for padding.</summary>
    private static byte[] EmptyMember => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static byte[] Unpack(byte[] packed, int bytesAtOnce = int.MaxValue) =>
        Inputs.ReadAll(new GunzipStream(new TrickleStream(packed, bytesAtOnce), Limits.Default));
}
