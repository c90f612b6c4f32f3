namespace OrleansClean.Cleaning.Reading;

/// <summary>Counts kinds of line ends.</summary>
internal static class Newlines
{
    /// <summary>The line end seen most, of equally frequent ones <c>\n</c> before <c>\r\n</c> before <c>\r</c>; empty if there is none.</summary>
    public static string MostSeen(ReadOnlySpan<byte> text)
    {
        var returns = text.Count((byte)'\r');
        var pairs = text.Count("\r\n"u8);
        var feeds = text.Count((byte)'\n') - pairs;
        returns -= pairs;
        if (feeds + pairs + returns == 0)
            return "";
        if (feeds >= pairs && feeds >= returns)
            return "\n";
        return pairs >= returns ? "\r\n" : "\r";
    }
}
