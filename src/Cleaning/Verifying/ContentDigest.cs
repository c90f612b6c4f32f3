using System.Globalization;
using System.Security.Cryptography;

namespace OrleansClean.Cleaning.Verifying;

/// <summary>
/// The digest of a content as manifests write it: its SHA-256 in lower-case hex; or, where several workers wrote it side by side and nobody saw all of
/// it, <c>sha256-blocks:HEX:LENGTH+LENGTH…</c>. That is the SHA-256 of the SHA-256 digests, 32 bytes each, of blocks that have these lengths and are the content
/// one behind the other.
/// </summary>
public sealed class ContentDigest : IDisposable
{
    private const string OfBlocksPrefix = "sha256-blocks:";

    private readonly IncrementalHash _content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash? _blocks;
    private readonly long[] _lengths;
    private readonly List<long> _seen = [];
    private long _inBlock;

    private ContentDigest(long[]? lengths)
    {
        _lengths = lengths ?? [];
        _blocks = lengths is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    }

    /// <summary>The digest of what blocks, with their lengths and SHA-256 in hex, are one behind the other.</summary>
    public static string OfBlocks(IEnumerable<(long Bytes, string Sha256)> blocks)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var lengths = new List<long>();
        foreach (var (bytes, sha256) in blocks.Where(block => block.Bytes > 0))
        {
            hash.AppendData(Convert.FromHexString(sha256));
            lengths.Add(bytes);
        }

        return Text(hash, lengths);
    }

    /// <summary>
    /// Takes the digest of a content in the form of <paramref name="digest"/>: if it is that content, the two are equal. Null stands for the plain form.
    /// </summary>
    public static ContentDigest Like(string? digest)
    {
        if (digest?.StartsWith(OfBlocksPrefix, StringComparison.Ordinal) != true)
        {
            return new ContentDigest(null);
        }

        var lengths = new List<long>();
        foreach (var text in digest[(digest.LastIndexOf(':') + 1)..].Split('+', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length == 0)
            {
                break;
            }

            lengths.Add(length);
        }

        return new ContentDigest([.. lengths]);
    }

    /// <summary>Takes the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (_blocks is not null && _seen.Count < _lengths.Length && bytes.Length >= _lengths[_seen.Count] - _inBlock)
        {
            var rest = (int)(_lengths[_seen.Count] - _inBlock);
            _content.AppendData(bytes[..rest]);
            _inBlock += rest;
            EndBlock();
            bytes = bytes[rest..];
        }

        _content.AppendData(bytes);
        _inBlock += bytes.Length;
    }

    /// <summary>The digest of all bytes. Nothing may be appended afterwards.</summary>
    public string Finish()
    {
        if (_blocks is null)
        {
            return Convert.ToHexStringLower(_content.GetHashAndReset());
        }

        if (_inBlock > 0)
        {
            EndBlock();
        }

        return Text(_blocks, _seen);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _content.Dispose();
        _blocks?.Dispose();
    }

    private static string Text(IncrementalHash blocks, IEnumerable<long> lengths) =>
        $"{OfBlocksPrefix}{Convert.ToHexStringLower(blocks.GetHashAndReset())}:{string.Join('+', lengths.Select(length => length.ToString(CultureInfo.InvariantCulture)))}";

    private void EndBlock()
    {
        _blocks!.AppendData(_content.GetHashAndReset());
        _seen.Add(_inBlock);
        _inBlock = 0;
    }
}
