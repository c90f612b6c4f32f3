namespace OrleansClean.Cleaning.Reading;

/// <summary>How compressed inputs fail.</summary>
internal static class CompressionFailures
{
    /// <summary>A gzip that has no more bytes where it needs some.</summary>
    public static FileFailedException EndsEarly(long position) =>
        Of($"gzip ends early at byte {Digits.Grouped(position)}; fetch the file again");

    /// <summary>Any other <c>compression-error</c>.</summary>
    public static FileFailedException Of(string message, Exception? inner = null) =>
        new(ProblemCodes.CompressionError, message, inner);
}
