namespace OrleansClean.Cleaning.Arrays;

/// <summary>Says why a file is no array that can be worked with.</summary>
internal static class NpyRefusals
{
    /// <summary>How every <c>.npy</c> file begins.</summary>
    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The failure; <paramref name="reason"/> completes "NAME cannot be read as an array: …".</summary>
    public static FileFailedException Of(string name, string reason) =>
        new(ProblemCodes.UnsupportedArray, $"{name} cannot be read as an array: {reason}");

    public static FileFailedException EndsInHeader(string name) => Of(name, "it ends within its header. Copy it again; was it still being written?");

    /// <summary>The major version of a file that begins like a <c>.npy</c>.</summary>
    public static int CheckMagic(ReadOnlySpan<byte> prelude, string name)
    {
        if (!prelude.StartsWith(Magic[..Math.Min(Magic.Length, prelude.Length)]) || prelude.IsEmpty)
        {
            throw Of(name, prelude.StartsWith("PK"u8)
                ? "it is a zip archive, perhaps a .npz. Unpack it: each array is a .npy file in it."
                : prelude.IsEmpty ? "it is empty." : "it does not begin like a .npy file (\\x93NUMPY).");
        }

        if (prelude.Length < 8)
        {
            throw EndsInHeader(name);
        }

        return prelude[6] is 1 or 2 or 3 && prelude[7] == 0
            ? prelude[6]
            : throw Of(name, $"it is of .npy version {ArrayWords.Of(prelude[6])}.{ArrayWords.Of(prelude[7])}; versions 1.0, 2.0 and 3.0 are read.");
    }

    /// <summary>What to say about a kind of element that is not one of the four.</summary>
    public static FileFailedException Descr(string name, string descr)
    {
        const string four = "Elements are float32, float64, int32 or int64, little-endian.";
        var kind = descr.Length < 2 ? "" : descr[1..];
        return Of(name, (descr.Length == 0 ? ' ' : descr[0], kind) switch
        {
            ('>', "f4" or "f8" or "i4" or "i8") => $"its elements are big-endian ({Show(descr)}). Convert it in numpy: a.astype('<{kind}').",
            (_, ['O', ..]) => $"its elements are Python objects ({Show(descr)}), which only Python can read. {four}",
            _ => $"its elements are {Show(descr)}. {four}",
        });
    }

    /// <summary>A piece of a header, on one line and of bounded length.</summary>
    public static string Show(string text)
    {
        const int shownMax = 40;
        var shown = string.Concat((text.Length > shownMax ? text[..shownMax] + "…" : text).Select(c => char.IsControl(c) ? '·' : c));
        return $"'{shown}'";
    }
}
