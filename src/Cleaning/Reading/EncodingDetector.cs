using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace OrleansClean.Cleaning.Reading;

/// <summary>An input's encoding.</summary>
/// <param name="Name"><c>utf-8 utf-16le utf-16be windows-1252</c>.</param>
/// <param name="BomBytes">Length of the byte order mark, or 0.</param>
/// <param name="Confidence">How sure that is, 0 to 1.</param>
internal readonly record struct DetectedEncoding(string Name, int BomBytes, double Confidence);

/// <summary>Settles an input's encoding from its first bytes: always the same answer for the same bytes.</summary>
internal static class EncodingDetector
{
    /// <summary>Decides about an input that begins with <paramref name="sample"/>; <paramref name="pinned"/> by the plan, or null.</summary>
    public static DetectedEncoding Detect(ReadOnlySpan<byte> sample, string? pinned)
    {
        var marked = FromMark(sample);
        switch (pinned)
        {
            case null:
                return marked ?? FromZeros(sample) ?? FromText(sample);
            case "utf-16":
                var found = marked ?? FromZeros(sample);
                return found is { Name: "utf-16le" or "utf-16be" } utf16
                    ? utf16 with { Confidence = 1 }
                    : new DetectedEncoding("utf-16le", 0, 1);
            default:
                // A mark of another encoding is text then: the plan knows better.
                return new DetectedEncoding(pinned, marked is { } mark && mark.Name == pinned ? mark.BomBytes : 0, 1);
        }
    }

    private static DetectedEncoding? FromMark(ReadOnlySpan<byte> sample)
    {
        if (sample.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            return new DetectedEncoding("utf-8", 3, 1);

        // A table in UTF-16 has delimiters or line ends, and so zeros. Without any it is something else that begins with FF FE.
        if (sample.Length > 2 && !sample.Contains((byte)0))
            return null;
        if (sample.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return new DetectedEncoding("utf-16le", 2, 1);
        return sample.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? new DetectedEncoding("utf-16be", 2, 1) : null;
    }

    /// <summary>
    /// UTF-16 without a mark: of its pairs at least 2 in 5 are ASCII, which has a zero on one side, and hardly any has
    /// one on the other. A few NULs in UTF-8 are far from that.
    /// </summary>
    private static DetectedEncoding? FromZeros(ReadOnlySpan<byte> sample)
    {
        var pairs = sample.Length / 2;
        if (pairs < 2)
            return null;
        var even = 0;
        var odd = 0;
        for (var i = 0; i < pairs; i++)
        {
            even += sample[2 * i] == 0 ? 1 : 0;
            odd += sample[(2 * i) + 1] == 0 ? 1 : 0;
        }

        if (odd * 5 >= pairs * 2 && even * 50 <= pairs)
            return new DetectedEncoding("utf-16le", 0, 0.9);
        return even * 5 >= pairs * 2 && odd * 50 <= pairs ? new DetectedEncoding("utf-16be", 0, 0.9) : null;
    }

    private static DetectedEncoding FromText(ReadOnlySpan<byte> sample)
    {
        if (Utf8.IsValid(sample))
            return new DetectedEncoding("utf-8", 0, 1);
        var valid = 0;
        var likely = 0;
        var unlikely = 0;
        for (var i = 0; i < sample.Length;)
        {
            if (sample[i] < 0x80)
            {
                i++;
                continue;
            }

            var status = Rune.DecodeFromUtf8(sample[i..], out _, out var length);
            if (status == OperationStatus.NeedMoreData)
                break;
            if (status == OperationStatus.Done)
                valid++;
            else if (IsLikelyWindows1252(sample, i))
                likely++;
            else
                unlikely++;
            i += status == OperationStatus.Done ? length : 1;
        }

        var invalid = likely + unlikely;
        if (invalid == 0)
            return new DetectedEncoding("utf-8", 0, 1);

        // Where most high bytes are valid UTF-8, or the others would make no sense in Windows-1252 either, rows with
        // invalid bytes are rejected one by one: that costs less than reading the whole file in a wrong encoding.
        var isWindows1252 = invalid > valid && likely >= 4 * unlikely && !sample.ContainsAny(Windows1252.Undefined);
        var share = isWindows1252 ? (double)likely / (invalid + valid) : (double)valid / (invalid + valid);
        return new DetectedEncoding(isWindows1252 ? Windows1252.Name : "utf-8", 0, 0.5 + (0.4 * share));
    }

    /// <summary>A letter with a mark beside an ASCII letter, or one of the signs that people type.</summary>
    private static bool IsLikelyWindows1252(ReadOnlySpan<byte> sample, int index)
    {
        var value = sample[index];
        if (value is >= 0xC0 and <= 0xFE and not 0xD7 and not 0xF7)
        {
            return (index > 0 && char.IsAsciiLetter((char)sample[index - 1]))
                || (index + 1 < sample.Length && char.IsAsciiLetter((char)sample[index + 1]));
        }

        return Signs.Contains(value);
    }

    /// <summary>€ … Š Œ Ž ‘ ’ “ ” • – — ™ š œ ž Ÿ, no-break space, ¡ £ § © ª « ® ° ± ² ³ ´ µ · º » ¼ ½ ¾ ¿ ×.</summary>
    private static SearchValues<byte> Signs { get; } = SearchValues.Create(
    [
        0x80, 0x85, 0x8A, 0x8C, 0x8E, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99, 0x9A, 0x9C, 0x9E, 0x9F, 0xA0, 0xA1, 0xA3,
        0xA7, 0xA9, 0xAA, 0xAB, 0xAE, 0xB0, 0xB1, 0xB2, 0xB3, 0xB4, 0xB5, 0xB7, 0xBA, 0xBB, 0xBC, 0xBD, 0xBE, 0xBF, 0xD7,
    ]);
}
