namespace OrleansClean.Cleaning.Reading;

/// <summary>The beginning of a gzip member (RFC 1952): read, checked and thrown away; a name in it is not looked at.</summary>
internal static class GzipHeader
{
    /// <summary>What every member begins with.</summary>
    public const byte FirstByte = 0x1F;

    private const byte SecondByte = 0x8B;
    private const byte Deflate = 8;

    private const int HasHeaderCrc = 2;
    private const int HasExtra = 4;
    private const int HasName = 8;
    private const int HasComment = 16;
    private const int Reserved = 0xE0;

    /// <summary>Passes over one header.</summary>
    public static void Read(GzipSource source)
    {
        Expect(source, FirstByte);
        Expect(source, SecondByte);
        Expect(source, Deflate);
        var flags = Next(source);
        if ((flags & Reserved) != 0)
            throw Damaged(source);
        Skip(source, 6);
        if ((flags & HasExtra) != 0)
            Skip(source, Next(source) | (Next(source) << 8));
        if ((flags & HasName) != 0)
            SkipText(source);
        if ((flags & HasComment) != 0)
            SkipText(source);
        if ((flags & HasHeaderCrc) != 0)
            Skip(source, 2);
    }

    private static void Expect(GzipSource source, byte expected)
    {
        if (Next(source) != expected)
            throw Damaged(source);
    }

    private static void Skip(GzipSource source, int count)
    {
        for (var i = 0; i < count; i++)
            Next(source);
    }

    private static void SkipText(GzipSource source)
    {
        while (Next(source) != 0)
        {
        }
    }

    private static int Next(GzipSource source)
    {
        var next = source.NextByte();
        return next >= 0 ? next : throw CompressionFailures.EndsEarly(source.BytesTaken);
    }

    private static FileFailedException Damaged(GzipSource source) =>
        CompressionFailures.Of($"gzip is damaged at byte {Digits.Grouped(source.BytesTaken)}; expected the header of a member; fetch the file again");
}
