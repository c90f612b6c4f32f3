using System.Buffers;
using System.Text;

namespace OrleansClean.Cleaning.Reading;

/// <summary>A dialect as bytes of UTF-8, for <see cref="RecordScanner"/>.</summary>
internal sealed class DialectRules
{
    /// <summary>Rules of any delimiter; an empty <paramref name="quote"/> for none, a null <paramref name="escape"/> for the doubled quote.</summary>
    public DialectRules(string delimiter, string quote, string? escape, string? comment = null)
    {
        Delimiter = Encoding.UTF8.GetBytes(delimiter);
        Quote = Encoding.UTF8.GetBytes(quote);
        Escape = string.IsNullOrEmpty(escape) || escape == quote ? [] : Encoding.UTF8.GetBytes(escape);
        Comment = Encoding.UTF8.GetBytes(comment ?? "");
        FieldEnds = SearchValues.Create([(byte)'\n', (byte)'\r', .. Delimiter.AsSpan(0, 1)]);
        QuoteEnds = SearchValues.Create([(byte)'\n', (byte)'\r', .. Quote.AsSpan(..Math.Min(1, Quote.Length)), .. Escape.AsSpan(..Math.Min(1, Escape.Length))]);
    }

    /// <summary>The delimiter.</summary>
    public byte[] Delimiter { get; }

    /// <summary>The quote, or empty.</summary>
    public byte[] Quote { get; }

    /// <summary>What escapes a quote; empty for another quote.</summary>
    public byte[] Escape { get; }

    /// <summary>What a comment line begins with, or empty.</summary>
    public byte[] Comment { get; }

    /// <summary>Bytes at which an unquoted field may end.</summary>
    public SearchValues<byte> FieldEnds { get; }

    /// <summary>Bytes of interest inside quotes.</summary>
    public SearchValues<byte> QuoteEnds { get; }

    /// <summary>True if <paramref name="text"/> begins with a quote.</summary>
    public bool OpensQuote(ReadOnlySpan<byte> text) => Quote.Length != 0 && text.StartsWith(Quote);

    /// <summary>True if <paramref name="text"/> begins a comment line.</summary>
    public bool BeginsComment(ReadOnlySpan<byte> text) => Comment.Length != 0 && text.StartsWith(Comment);
}
