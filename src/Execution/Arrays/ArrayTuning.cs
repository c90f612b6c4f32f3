using System.Globalization;

namespace OrleansClean.Execution.Arrays;

/// <summary>
/// How an array is cut. What is written does not depend on it. Tests force their own by <c>ORLEANSCLEAN_ARRAY_RANGE</c> and
/// <c>ORLEANSCLEAN_ARRAY_BLOCK</c>, in elements, in the build that ships.
/// </summary>
/// <param name="RangeElements">Elements that one worker takes at a time, and in place the most that is in doubt for each; 0 for the default.</param>
/// <param name="BlockElements">Elements that run through all steps together; 0 for the default.</param>
internal sealed record ArrayTuning(long RangeElements = 0, int BlockElements = 0)
{
    /// <summary>Bytes of a range: large enough that flushing one is worth it.</summary>
    public const int RangeBytes = 8 << 20;

    /// <summary>Bytes of a block: it stays in a core's own cache while all steps run over it.</summary>
    public const int BlockBytes = 128 << 10;

    public static ArrayTuning OfEnvironment() => new(Number("ORLEANSCLEAN_ARRAY_RANGE"), (int)Number("ORLEANSCLEAN_ARRAY_BLOCK"));

    public long RangeOf(int elementBytes) => RangeElements > 0 ? RangeElements : RangeBytes / elementBytes;

    public int BlockOf(int elementBytes) => (int)Math.Min(BlockElements > 0 ? BlockElements : BlockBytes / elementBytes, RangeOf(elementBytes));

    private static long Number(string variable) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= RangeBytes
            ? number
            : 0;
}
