using OrleansClean.Cleaning.Csv;

namespace OrleansClean.Cleaning.Reading;

/// <summary>What lies between an input's bytes and its text: compression and encoding, settled once.</summary>
internal sealed class InputLayers
{
    /// <summary>Bytes that a decision is made from.</summary>
    public const int SampleBytes = 64 << 10;

    private readonly Func<Stream> _open;
    private readonly Limits _limits;

    private InputLayers(Func<Stream> open, Limits limits, bool isGzip, DetectedEncoding encoding)
    {
        _open = open;
        _limits = limits;
        IsGzip = isGzip;
        Encoding = encoding;
    }

    /// <summary>True if the input is a gzip.</summary>
    public bool IsGzip { get; }

    /// <summary>The text's encoding.</summary>
    public DetectedEncoding Encoding { get; }

    /// <summary>Settles the layers of the input and gives its text, from the beginning, as UTF-8 without byte order mark.</summary>
    public static InputLayers Settle(Func<Stream> open, string? encoding, Limits limits, out Stream decoded)
    {
        var stored = new PeekedStream(open());
        try
        {
            var beginning = stored.Peek(Archives.MagicBytesMax);
            var isGzip = GunzipStream.IsGzip(beginning);
            Archives.Refuse(beginning);
            var plain = isGzip ? new PeekedStream(new GunzipStream(stored, limits)) : stored;
            var detected = EncodingDetector.Detect(plain.Peek(SampleBytes), encoding);
            var layers = new InputLayers(open, limits, isGzip, detected);
            decoded = layers.Decode(plain);
            return layers;
        }
        catch
        {
            stored.Dispose();
            throw;
        }
    }

    /// <summary>Opens the input's text as UTF-8 without byte order mark, from its beginning.</summary>
    public Stream Open()
    {
        var stored = _open();
        return Decode(new PeekedStream(IsGzip ? new GunzipStream(stored, _limits) : stored));
    }

    private Stream Decode(PeekedStream plain)
    {
        var bom = Encoding.BomBytes;
        plain.Peek(bom);
        plain.Skip(bom);
        return Encoding.Name switch
        {
            Windows1252.Name => new Windows1252Stream(plain),
            "utf-16le" => new Utf16Stream(plain, bigEndian: false, bom),
            "utf-16be" => new Utf16Stream(plain, bigEndian: true, bom),
            _ => plain,
        };
    }
}
