using System.Buffers;
using System.Text;
using OrleansClean.Cleaning.Reading;

namespace OrleansClean.Cleaning.Csv;

/// <summary>
/// Hands CsvHelper one record at a time, always with a line end behind it, so that it never asks for the next one. Quotes
/// escaped in another way are doubled first: the one way that CsvHelper reads without loss.
/// </summary>
internal sealed class RecordText : TextReader
{
    private char[] _text = new char[256];
    private int _at;
    private int _length;

    /// <summary>Makes a sound record of valid UTF-8, just framed by <paramref name="scanner"/>, the next thing to be read.</summary>
    public void Set(ReadOnlySpan<byte> record, DialectRules rules, RecordScanner scanner)
    {
        if (rules.Escape.Length != 0)
            record = DoubleQuotes(record, rules, scanner);
        if (_text.Length < record.Length + 1)
            _text = new char[record.Length * 2];
        _length = Encoding.UTF8.GetChars(record, _text);
        _text[_length++] = '\n';
        _at = 0;
    }

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count)
    {
        var length = Math.Min(count, _length - _at);
        _text.AsSpan(_at, length).CopyTo(buffer.AsSpan(index));
        _at += length;
        return length;
    }

    private static ReadOnlySpan<byte> DoubleQuotes(ReadOnlySpan<byte> record, DialectRules rules, RecordScanner scanner)
    {
        var rewritten = new ArrayBufferWriter<byte>(record.Length + 16);
        for (var i = 0; i < scanner.FieldCount; i++)
        {
            var field = record[scanner.Field(i)];
            rewritten.Write(i == 0 ? [] : rules.Delimiter);
            if (!rules.OpensQuote(field))
            {
                rewritten.Write(field);
                continue;
            }

            rewritten.Write(rules.Quote);
            var text = FieldText.Unquote(field, rules);
            for (var at = text.IndexOf(rules.Quote); at >= 0; at = text.IndexOf(rules.Quote))
            {
                rewritten.Write(text[..(at + rules.Quote.Length)]);
                rewritten.Write(rules.Quote);
                text = text[(at + rules.Quote.Length)..];
            }

            rewritten.Write(text);
            rewritten.Write(rules.Quote);
        }

        return rewritten.WrittenSpan;
    }
}
