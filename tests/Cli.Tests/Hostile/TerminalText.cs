using System.Globalization;
using System.Text;
using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests.Hostile;

/// <summary>What a terminal may be given: text and line ends.</summary>
internal static class TerminalText
{
    /// <summary>The first character in each stream that would steer a terminal or turn text around, with what stands before it.</summary>
    public static IEnumerable<string> Harm(Answer answer) => Harm(answer.Out).Select(harm => "out: " + harm).Concat(Harm(answer.Error).Select(harm => "error: " + harm));

    /// <summary>The first such character of a text.</summary>
    public static IEnumerable<string> Harm(string text)
    {
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value != '\n' && IsHarmful(rune))
            {
                var before = string.Concat(text[Math.Max(0, at - 80)..at].Where(c => !char.IsControl(c)));
                return [$"U+{rune.Value:X4} after '{before}'"];
            }

            at += rune.Utf16SequenceLength;
        }

        return [];
    }

    private static bool IsHarmful(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
