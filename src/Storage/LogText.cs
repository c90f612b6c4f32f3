namespace OrleansClean.Storage;

/// <summary>The text of logs.</summary>
internal static class LogText
{
    /// <summary>Bytes up to and with the last line end before the first zero.</summary>
    public static int WholeLines(ReadOnlySpan<byte> bytes)
    {
        var zero = bytes.IndexOf((byte)0);
        return (zero < 0 ? bytes : bytes[..zero]).LastIndexOf((byte)'\n') + 1;
    }
}
