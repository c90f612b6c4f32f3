using System.Globalization;
using System.Text;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Logging;

/// <summary>
/// A writer for a person's terminal: what would steer it is spelled out, secrets are hidden, line ends stay. For processes that write whole lines
/// of messages, which may hold names from files and words that were typed.
/// </summary>
/// <param name="writer">Where the text goes.</param>
public sealed class VisibleWriter(TextWriter writer) : TextWriter(CultureInfo.InvariantCulture)
{
    /// <inheritdoc />
    public override Encoding Encoding => writer.Encoding;

    /// <summary><paramref name="text"/> as it may be shown.</summary>
    public static string Show(string text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (var rune in Secrets.Hide(text).EnumerateRunes())
        {
            var isHarmful = rune.Value != '\n' && Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            shown.Append(isHarmful ? string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}") : rune.ToString());
        }

        return shown.ToString();
    }

    /// <inheritdoc />
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc />
    public override void Write(string? value) => writer.Write(Show(value ?? ""));

    /// <inheritdoc />
    public override Task WriteLineAsync(string? value) => writer.WriteLineAsync(Show(value ?? ""));

    /// <inheritdoc />
    public override void Flush() => writer.Flush();
}
