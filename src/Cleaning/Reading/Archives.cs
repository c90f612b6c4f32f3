namespace OrleansClean.Cleaning.Reading;

/// <summary>Compressed formats that are not read, known by their first bytes: a clear answer instead of a table of garbage.</summary>
internal static class Archives
{
    /// <summary>Bytes to look at.</summary>
    public const int MagicBytesMax = 6;

    private static readonly (byte[] Magic, string Name)[] Known =
    [
        ([(byte)'P', (byte)'K', 3, 4], "zip"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd"),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "xz"),
        ([(byte)'B', (byte)'Z', (byte)'h'], "bzip2"),
        ([(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C], "7z"),
    ];

    /// <summary>Throws if <paramref name="beginning"/> is that of such a file.</summary>
    public static void Refuse(ReadOnlySpan<byte> beginning)
    {
        foreach (var (magic, name) in Known)
        {
            // "BZh" could be text; in a bzip2 a digit and the digits of pi follow.
            if (beginning.StartsWith(magic) && (name != "bzip2" || (beginning.Length > 4 && beginning[4] == 0x31)))
                throw CompressionFailures.Of($"the file is {name}-compressed; of compressed files only gzip is read: unpack it first, or compress it with gzip");
        }
    }
}
