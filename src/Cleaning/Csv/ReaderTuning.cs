namespace OrleansClean.Cleaning.Csv;

/// <summary>
/// Settings that change how the engine reads, never what it makes. Tests force them in the build that ships:
/// <c>ORLEANSCLEAN_BUFFER_BYTES</c>, <c>ORLEANSCLEAN_RANGE_BYTES</c> and <c>ORLEANSCLEAN_SCANNER</c> (<c>scalar</c> or <c>vector</c>).
/// </summary>
internal sealed record ReaderTuning
{
    /// <summary>Bytes asked of the input at a time, and the buffer's first size. 512 KiB matched 4 MiB at half the memory.</summary>
    public int BufferBytes { get; init; } = 512 << 10;

    /// <summary>Bytes of a range of a large file: with what is made of them they stay in a core's own cache.</summary>
    public const int RangeBytesDefault = 512 << 10;

    /// <summary>Bytes that a range holds back before it must wait for its turn to write.</summary>
    public const int HoldBytesDefault = 4 << 20;

    /// <summary>Bytes of an input from which on it is cut into ranges: what is smaller is done in a moment.</summary>
    public const long RangedInputBytesDefault = 64 << 20;

    /// <summary><see cref="RangeBytesDefault"/>, or what a test asks for.</summary>
    public int RangeBytes { get; init; } = RangeBytesDefault;

    /// <summary><see cref="HoldBytesDefault"/>, or what a test asks for.</summary>
    public int HoldBytes { get; init; } = HoldBytesDefault;

    /// <summary><see cref="RangedInputBytesDefault"/>, or 0 where a test asks for ranges.</summary>
    public long RangedInputBytesMin { get; init; } = RangedInputBytesDefault;

    /// <summary>True for the scanner that reads byte by byte.</summary>
    public bool IsScalar { get; init; }

    /// <summary>As the environment says.</summary>
    public static ReaderTuning Current { get; } = FromEnvironment();

    /// <summary>The scanner to use.</summary>
    public IScanner CreateScanner() => IsScalar ? new ScalarScanner() : new VectorScanner();

    private static ReaderTuning FromEnvironment()
    {
        var tuning = new ReaderTuning();
        var bytes = Environment.GetEnvironmentVariable("ORLEANSCLEAN_BUFFER_BYTES");
        if (int.TryParse(bytes, System.Globalization.CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 64 << 20)
        {
            tuning = tuning with { BufferBytes = count };
        }

        var range = Environment.GetEnvironmentVariable("ORLEANSCLEAN_RANGE_BYTES");
        if (int.TryParse(range, System.Globalization.CultureInfo.InvariantCulture, out var length) && length is >= 64 and <= 16 << 20)
        {
            tuning = tuning with { RangeBytes = length, HoldBytes = length * 8, RangedInputBytesMin = 0 };
        }

        var scanner = Environment.GetEnvironmentVariable("ORLEANSCLEAN_SCANNER");
        return tuning with { IsScalar = string.Equals(scanner, "scalar", StringComparison.OrdinalIgnoreCase) };
    }
}
