using System.Text;

namespace OrleansClean.Cleaning.Verifying;

/// <summary>The runtime's encodings by our names: not the engine's own tables.</summary>
internal static class OtherEncodings
{
    /// <summary>An encoding that throws for what it does not know.</summary>
    public static Encoding Get(string name) => name switch
    {
        "utf-16le" => new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        "utf-16be" => new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
        "windows-1252" => CodePagesEncodingProvider.Instance.GetEncoding(1252, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!,
        _ => Recounter.Strict,
    };
}
