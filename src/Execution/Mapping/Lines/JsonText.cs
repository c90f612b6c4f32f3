using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using OrleansClean.Cleaning;

namespace OrleansClean.Execution.Mapping.Lines;

/// <summary>JSON as it is written, in memory that is used again. What could steer a terminal or cannot be seen is escaped; other characters stay.</summary>
internal sealed class JsonText
{
    private const int KeptBytesMax = 1 << 20;

    private static readonly SearchValues<byte> PlainBytes = SearchValues.Create(
        [.. Enumerable.Range(' ', 0x7F - ' ').Where(c => c is not ('"' or '\\')).Select(c => (byte)c)]);

    private byte[] _bytes = new byte[256];

    /// <summary>Bytes that are written.</summary>
    public int Length { get; private set; }

    /// <summary>What is written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>What is written, to hand on.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    /// <summary>Forgets everything; memory that one large text took is given back.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > KeptBytesMax)
        {
            _bytes = new byte[256];
        }
    }

    /// <summary>Goes back to an earlier <see cref="Length"/>.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Writes bytes as they are.</summary>
    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Free(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Writes an integer.</summary>
    public void Append(long number)
    {
        Utf8Formatter.TryFormat(number, Free(20), out var written);
        Length += written;
    }

    /// <summary>Writes a finite double: its shortest digits.</summary>
    public void Append(double number) => Length += NumberText.Format(number, Free(32));

    /// <summary>Writes a decimal with the digits that it has.</summary>
    public void Append(decimal number)
    {
        number.TryFormat(Free(32), out var written, default, CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>Writes text in quotes.</summary>
    public void AppendString(string text)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = ArrayPool<byte>.Shared.Rent(longest);
        AppendString(rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>Writes text in quotes. Bytes that are no UTF-8 are shown as such.</summary>
    public void AppendString(scoped ReadOnlySpan<byte> utf8)
    {
        Append("\""u8);
        while (true)
        {
            var plain = utf8.IndexOfAnyExcept(PlainBytes);
            Append(plain < 0 ? utf8 : utf8[..plain]);
            if (plain < 0)
            {
                break;
            }

            utf8 = utf8[plain..];
            var isWhole = Rune.DecodeFromUtf8(utf8, out var rune, out var length) is OperationStatus.Done;
            AppendRune(isWhole ? rune : Rune.ReplacementChar, isWhole ? utf8[..length] : []);
            utf8 = utf8[length..];
        }

        Append("\""u8);
    }

    private void AppendRune(Rune rune, scoped ReadOnlySpan<byte> bytes)
    {
        switch (rune.Value)
        {
            case '"': Append("\\\""u8); break;
            case '\\': Append("\\\\"u8); break;
            case '\n': Append("\\n"u8); break;
            case '\r': Append("\\r"u8); break;
            case '\t': Append("\\t"u8); break;
            default:
                if (bytes.Length > 0 && !IsHidden(rune))
                {
                    Append(bytes);
                }
                else
                {
                    Span<char> units = stackalloc char[2];
                    foreach (var unit in units[..rune.EncodeToUtf16(units)])
                    {
                        Append("\\u"u8);
                        ((int)unit).TryFormat(Free(4), out var written, "x4", CultureInfo.InvariantCulture);
                        Length += written;
                    }
                }

                break;
        }
    }

    // Format characters include the direction overrides that can make a text read backwards.
    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate;

    private Span<byte> Free(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Math.Max((long)_bytes.Length * 2, (long)Length + count), Array.MaxLength));
        }

        return _bytes.AsSpan(Length);
    }
}
