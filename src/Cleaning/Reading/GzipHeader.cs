namespace OrleansClean.Cleaning.Reading;

/// <summary>The beginning of a gzip member (RFC 1952): read, checked and thrown away; a name in it is not looked at.</summary>
internal static class GzipHeader
{
    /// <summary>What every member begins with.</summary>
    public const byte FirstByte = 0x1F;

    private const byte SecondByte = 0x8B;
    private const byte Deflate = 8;

    [Flags]
    private enum Flags : byte
    {
        None = 0,
        HasHeaderCrc = 2,
        HasExtra = 4,
        HasName = 8,
        HasComment = 16,
        Reserved = 0xE0,
    }

    /// <summary>Passes over one header.</summary>
    public static void Read(GzipSource source)
    {
        Expect(source, FirstByte);
        Expect(source, SecondByte);
        Expect(source, Deflate);
        var flags = (Flags)Next(source);
        if ((flags & Flags.Reserved) != Flags.None)
            throw Damaged(source);
        Skip(source, 6);
        if ((flags & Flags.HasExtra) != Flags.None)
            Skip(source, Next(source) | (Next(source) << 8));
        if ((flags & Flags.HasName) != Flags.None)
            SkipText(source);
        if ((flags & Flags.HasComment) != Flags.None)
            SkipText(source);
        if ((flags & Flags.HasHeaderCrc) != Flags.None)
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
        return next >= 0 ? next : throw GunzipStream.EndsEarly(source.Position);
    }

    private static FileFailedException Damaged(GzipSource source) =>
        GunzipStream.Failed($"gzip is damaged at byte {GunzipStream.Number(source.Position)}; expected the header of a member; fetch the file again");
}
