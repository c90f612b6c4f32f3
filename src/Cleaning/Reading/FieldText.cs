using System.Buffers;

namespace OrleansClean.Cleaning.Reading;

/// <summary>Takes the quotes off a field that <see cref="RecordScanner"/> found.</summary>
internal static class FieldText
{
    /// <summary>The field's text: as it stands if it is not quoted.</summary>
    public static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> field, DialectRules rules)
    {
        var quote = rules.Quote;
        if (!rules.OpensQuote(field) || field.Length < 2 * quote.Length || !field.EndsWith(quote))
            return field;
        var inner = field[quote.Length..^quote.Length];
        var escape = rules.Escape.Length != 0 ? rules.Escape : quote;
        if (inner.IndexOf(escape) < 0)
            return inner;
        var text = new ArrayBufferWriter<byte>(inner.Length);
        while (true)
        {
            var at = inner.IndexOf(escape);
            if (at < 0)
            {
                text.Write(inner);
                return text.WrittenSpan;
            }

            text.Write(inner[..at]);
            inner = inner[(at + escape.Length)..];
            var escaped = inner.StartsWith(quote) ? quote.Length : inner.StartsWith(escape) ? escape.Length : 0;
            text.Write(escaped != 0 ? inner[..escaped] : escape);
            inner = inner[escaped..];
        }
    }
}
