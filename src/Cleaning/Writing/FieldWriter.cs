using System.Buffers;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Writing;

/// <summary>Writes one field's text as RFC 4180 wants it: quoted where it must be, quotes doubled.</summary>
internal static class FieldWriter
{
    private static readonly SearchValues<byte> MustQuote = SearchValues.Create(",\"\r\n"u8);

    /// <summary>Writes <paramref name="text"/>. <paramref name="isOnlyField"/>: an empty row of one column needs quotes to be seen.</summary>
    public static void Write(ReadOnlySpan<byte> text, Quoting quoting, bool isOnlyField, OutputBuffer output)
    {
        if (quoting == Quoting.All || NeedsQuotes(text, isOnlyField))
        {
            WriteQuoted(text, output);
        }
        else
        {
            output.Write(text);
        }
    }

    private static bool NeedsQuotes(ReadOnlySpan<byte> text, bool isOnlyField) =>
        text.IsEmpty ? isOnlyField : text[0] == ' ' || text[^1] == ' ' || text.ContainsAny(MustQuote);

    private static void WriteQuoted(ReadOnlySpan<byte> text, OutputBuffer output)
    {
        output.Write((byte)'"');
        for (var quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            output.Write(text[..(quote + 1)]);
            output.Write((byte)'"');
            text = text[(quote + 1)..];
        }

        output.Write(text);
        output.Write((byte)'"');
    }
}
