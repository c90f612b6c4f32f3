using System.Globalization;
using System.Text;
using OrleansClean.Storage;

namespace OrleansClean.Cli.Output;

/// <summary>
/// Text from files, made safe for a terminal and honest for a reader: what cannot be seen is spelled out, what could
/// steer the terminal is disarmed, and what is too long is cut and says so.
/// </summary>
internal static class Visible
{
    /// <summary>Characters of a path that are shown.</summary>
    public const int PathMax = 400;

    /// <summary>Characters of a cell that are shown.</summary>
    public const int CellMax = 120;

    /// <summary>Characters of a message or a raw record that are shown.</summary>
    public const int MessageMax = 2_000;

    /// <summary>Spells out control characters, escapes, direction marks, odd blanks and lone surrogates, and cuts the rest.</summary>
    public static string Text(string text, int charactersMax)
    {
        if (text.Length <= charactersMax && IsPlain(text))
        {
            return text;
        }

        var shown = new StringBuilder(Math.Min(text.Length, charactersMax) + 16);
        var read = 0;
        while (read < text.Length && shown.Length < charactersMax)
        {
            var isWhole = Rune.TryGetRuneAt(text, read, out var rune);
            if (isWhole)
            {
                AppendRune(shown, rune);
                read += rune.Utf16SequenceLength;
            }
            else
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[read]:x4}");
                read++;
            }
        }

        return read == text.Length
            ? shown.ToString()
            : shown.Append(CultureInfo.InvariantCulture, $"… ({Amounts.Count(text.Length)} characters)").ToString();
    }

    /// <summary>A path as it may be shown.</summary>
    public static string Path(string path) => Text(path, PathMax);

    /// <summary>A folder as it may be shown, with a slash that tells it from a file.</summary>
    public static string Folder(string path) => Path(path.EndsWith('/') || path.EndsWith('\\') ? path : path + "/");

    /// <summary>A cell in double quotes, as it may be shown.</summary>
    public static string Cell(string cell) => $"\"{Text(cell, CellMax)}\"";

    /// <summary>A message that may hold text from files and words of the command line. Its own line ends stay; secrets do not.</summary>
    public static string Message(string message) =>
        string.Join('\n', Secrets.Hide(message).ReplaceLineEndings("\n").Split('\n').Select(line => Text(line, MessageMax)));

    private static bool IsPlain(string text)
    {
        foreach (var c in text)
        {
            if (c is < ' ' or > '~')
            {
                return false;
            }
        }

        return true;
    }

    private static void AppendRune(StringBuilder shown, Rune rune)
    {
        switch (rune.Value)
        {
            case '\n': shown.Append("\\n"); break;
            case '\r': shown.Append("\\r"); break;
            case '\t': shown.Append("\\t"); break;
            case 0: shown.Append("\\0"); break;
            default:
                if (!IsHidden(rune))
                {
                    shown.Append(rune.ToString());
                }
                else if (rune.Value < 0x100)
                {
                    shown.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
                }
                else
                {
                    shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
                }

                break;
        }
    }

    // Format characters include the direction overrides that can make a name read backwards. Blanks other than the
    // space look like it and are not: a number with one in it is a common reject.
    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse => true,
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned => true,
        UnicodeCategory.SpaceSeparator => rune.Value != ' ',
        _ => false,
    };
}
