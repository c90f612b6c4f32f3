namespace OrleansClean.Cleaning.Csv;

/// <summary>Line ends as an editor counts them: LF, CR LF, or CR alone.</summary>
internal static class PhysicalLines
{
    /// <summary>How many line ends <paramref name="bytes"/> holds.</summary>
    public static int Count(ReadOnlySpan<byte> bytes)
    {
        var count = bytes.Count((byte)'\n');
        for (var at = bytes.IndexOf((byte)'\r'); at >= 0;)
        {
            if (at + 1 == bytes.Length || bytes[at + 1] != '\n')
            {
                count++;
            }

            var next = bytes[(at + 1)..].IndexOf((byte)'\r');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return count;
    }

    /// <summary>Length of the line end at the start of <paramref name="bytes"/>: 0, 1 or 2.</summary>
    public static int EndLength(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [(byte)'\r', (byte)'\n', ..] => 2,
        [(byte)'\n' or (byte)'\r', ..] => 1,
        _ => 0,
    };
}
