using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace OrleansClean.Execution.State;

/// <summary>
/// How text stands in reports and state: as it is, so that names stay readable, but for what steers a terminal or turns text around: control and
/// format characters, line and paragraph separators. The bytes of a report are also what the command prints.
/// </summary>
internal sealed class ReadableJson : JavaScriptEncoder
{
    // Quotes, backslashes and ASCII's control characters; these documents are not put into HTML as they are.
    private static readonly JavaScriptEncoder Least = UnsafeRelaxedJsonEscaping;

    private ReadableJson()
    {
    }

    /// <summary>The encoder.</summary>
    public static ReadableJson Encoder { get; } = new();

    /// <inheritdoc />
    public override int MaxOutputCharactersPerInputCharacter => "\\u0000".Length;

    /// <inheritdoc />
    public override bool WillEncode(int unicodeScalar) => Least.WillEncode(unicodeScalar) || IsHidden(unicodeScalar);

    /// <inheritdoc />
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var span = new ReadOnlySpan<char>(text, textLength);
        for (var at = 0; at < span.Length;)
        {
            if (Rune.DecodeFromUtf16(span[at..], out var rune, out var length) != System.Buffers.OperationStatus.Done || WillEncode(rune.Value))
            {
                return at;
            }

            at += length;
        }

        return -1;
    }

    /// <inheritdoc />
    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        if (!IsHidden(unicodeScalar))
        {
            return Least.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
        }

        Span<char> units = stackalloc char[2];
        var count = new Rune(unicodeScalar).EncodeToUtf16(units);
        var free = new Span<char>(buffer, bufferLength);
        numberOfCharactersWritten = 0;
        foreach (var unit in units[..count])
        {
            if (!free.TryWrite(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}", out var written))
            {
                numberOfCharactersWritten = 0;
                return false;
            }

            numberOfCharactersWritten += written;
            free = free[written..];
        }

        return true;
    }

    private static bool IsHidden(int scalar) => scalar > '~' && CharUnicodeInfo.GetUnicodeCategory(scalar)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
