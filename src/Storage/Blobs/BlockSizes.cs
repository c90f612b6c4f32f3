namespace OrleansClean.Storage.Blobs;

/// <summary>
/// How large the blocks of one object are. Its length is not known before its end, and there are at most 50,000 blocks: so blocks
/// grow. A small file is one block of its own length; the largest object has 50,000 blocks and 1.6 TiB.
/// </summary>
/// <param name="FirstBytes">The first blocks' length.</param>
internal sealed record BlockSizes(int FirstBytes)
{
    private const int GrowAt = 10_000;
    private const int GrowAgainAt = 30_000;
    private const int Factor = 4;

    /// <summary>4 MiB, then 16, then 64: what a writer holds in memory.</summary>
    public static BlockSizes Default { get; } = new(4 << 20);

    /// <summary>Bytes of all blocks.</summary>
    public long TotalMax =>
        FirstBytes * (GrowAt + ((GrowAgainAt - GrowAt) * (long)Factor) + ((BlockIds.CountMax - GrowAgainAt) * (long)Factor * Factor));

    /// <summary>The length of the block at <paramref name="index"/>, unless the content ends in it.</summary>
    public int this[int index] => index < GrowAt ? FirstBytes : index < GrowAgainAt ? FirstBytes * Factor : FirstBytes * Factor * Factor;
}
