namespace OrleansClean.Cleaning.Csv;

/// <summary>
/// Settings that change how the engine reads, never what it makes. Tests force them in the build that ships:
/// <c>ORLEANSCLEAN_BUFFER_BYTES</c> and <c>ORLEANSCLEAN_SCANNER</c> (<c>scalar</c> or <c>vector</c>).
/// </summary>
internal sealed record ReaderTuning
{
    /// <summary>Bytes asked of the input at a time, and the buffer's first size. 512 KiB matched 4 MiB at half the memory.</summary>
    public int BufferBytes { get; init; } = 512 << 10;

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

        var scanner = Environment.GetEnvironmentVariable("ORLEANSCLEAN_SCANNER");
        return tuning with { IsScalar = string.Equals(scanner, "scalar", StringComparison.OrdinalIgnoreCase) };
    }
}
