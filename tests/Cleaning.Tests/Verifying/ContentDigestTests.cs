using System.Security.Cryptography;
using OrleansClean.Cleaning.Verifying;

namespace OrleansClean.Cleaning.Tests.Verifying;

public sealed class ContentDigestTests
{
    [Fact]
    public void A_plain_digest_is_the_sha256_of_the_content() => Assert.Equal(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Take(ContentDigest.Like(null), "abc"u8.ToArray(), 2));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void A_digest_of_blocks_is_found_again_however_the_content_is_read(int bytesAtOnce)
    {
        var content = RandomNumberGenerator.GetBytes(500);
        var digest = OfBlocks(content, 100, 0, 1, 399);

        Assert.Matches("^sha256-blocks:[0-9a-f]{64}:100[+]1[+]399$", digest);
        Assert.Equal(digest, Take(ContentDigest.Like(digest), content, bytesAtOnce));
    }

    [Fact]
    public void Another_content_has_another_digest()
    {
        var content = RandomNumberGenerator.GetBytes(500);
        var digest = OfBlocks(content, 100, 400);
        var changed = content.ToArray();
        changed[450] ^= 1;

        foreach (var other in new[] { changed, content[..499], content[..100], [], [.. content, 1], [.. content[100..], .. content[..100]] })
        {
            Assert.NotEqual(digest, Take(ContentDigest.Like(digest), other, 7));
        }
    }

    [Theory]
    [InlineData("sha256-blocks:")]
    [InlineData("sha256-blocks:00:x+1")]
    [InlineData("sha256-blocks:00:0+0")]
    [InlineData("sha256-blocks:00:99999999999999999999")]
    [InlineData("nonsense")]
    public void What_is_no_digest_is_nothing_s_digest(string text) => Assert.NotEqual(text, Take(ContentDigest.Like(text), new byte[10], 4));

    private static string OfBlocks(byte[] content, params int[] lengths)
    {
        var from = 0;
        var blocks = new List<(long, string)>();
        foreach (var length in lengths)
        {
            blocks.Add((length, Convert.ToHexStringLower(SHA256.HashData(content.AsSpan(from, length)))));
            from += length;
        }

        return ContentDigest.OfBlocks(blocks);
    }

    private static string Take(ContentDigest digest, byte[] content, int bytesAtOnce)
    {
        using (digest)
        {
            for (var from = 0; from < content.Length; from += bytesAtOnce)
            {
                digest.Append(content.AsSpan(from, Math.Min(bytesAtOnce, content.Length - from)));
            }

            return digest.Finish();
        }
    }
}
