using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>
/// Compiles patterns for which matching takes time in proportion to the text, whatever the text. Formulas and steps take
/// their patterns from here.
/// </summary>
internal static class Patterns
{
    /// <summary>Characters of a pattern, at most.</summary>
    public const int LengthMax = 1_000;

    /// <summary>Single characters and classes that a pattern stands for once its counted repeats are written out, at most.</summary>
    public const int SizeMax = 1_000;

    private const string Advice = "Patterns here are matched without going back, so that no text can make them slow";

    /// <summary>Compiles <paramref name="pattern"/>; else <paramref name="error"/> says why not, in words for the plan's author.</summary>
    public static bool TryCompile(string pattern, [NotNullWhen(true)] out Regex? regex, out string error)
    {
        regex = null;
        if (pattern.Length > LengthMax)
        {
            error = $"The pattern has {pattern.Length} characters; at most {LengthMax} are accepted.";
            return false;
        }

        try
        {
            // The ordinary engine reads the pattern first: its complaints about the syntax come before the size is judged.
            _ = new Regex(pattern, RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);
            if (PatternSize.Of(pattern) > SizeMax)
            {
                error = TooLarge;
                return false;
            }

            regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);
            error = "";
            return true;
        }
        catch (RegexParseException e)
        {
            error = $"The pattern is not well formed at character {e.Offset + 1}: {Reason(e)}.";
        }
        catch (NotSupportedException)
        {
            error = Refused(pattern) is { } what ? $"The pattern uses {what}. {Advice}; write it without." : TooLarge;
        }

        return false;
    }

    private static string TooLarge =>
        $"The pattern's counted repeats, such as `{{1000}}`, stand for more than {SizeMax} characters. Repeat less, or use `+` or `*`.";

    private static string Reason(RegexParseException e) => e.Error switch
    {
        RegexParseError.InsufficientClosingParentheses => "a parenthesis is not closed",
        RegexParseError.InsufficientOpeningParentheses => "there is one `)` too many",
        RegexParseError.UnterminatedBracket => "a `[` is not closed",
        RegexParseError.QuantifierAfterNothing => "there is nothing to repeat",
        RegexParseError.NestedQuantifiersNotParenthesized => "a repeat is repeated without parentheses",
        RegexParseError.ReversedQuantifierRange => "the repeat's bounds are reversed",
        RegexParseError.ReversedCharacterRange => "a range of characters is reversed",
        RegexParseError.UnescapedEndingBackslash => "it ends with a single backslash",
        RegexParseError.UnrecognizedEscape => "an escape is unknown",
        RegexParseError.InvalidUnicodePropertyEscape => "a Unicode class is unknown",
        RegexParseError.UndefinedNumberedReference or RegexParseError.UndefinedNamedReference => "it refers to a group that does not exist",
        _ => $"{e.Error}",
    };

    /// <summary>What the engine refuses in a pattern; null if it is only its size.</summary>
    private static string? Refused(string pattern)
    {
        if (pattern.Contains("(?=", StringComparison.Ordinal) || pattern.Contains("(?!", StringComparison.Ordinal))
        {
            return "a look ahead, `(?=` or `(?!`";
        }

        if (pattern.Contains("(?<=", StringComparison.Ordinal) || pattern.Contains("(?<!", StringComparison.Ordinal))
        {
            return "a look behind, `(?<=` or `(?<!`";
        }

        if (pattern.Contains("(?>", StringComparison.Ordinal))
        {
            return "an atomic group, `(?>`";
        }

        if (pattern.Contains("(?(", StringComparison.Ordinal))
        {
            return "a conditional group, `(?(`";
        }

        var afterBackslash = pattern.Zip(pattern.Skip(1)).Where(pair => pair.First == '\\').Select(pair => pair.Second);
        return afterBackslash.Any(c => c is 'k' or (>= '1' and <= '9')) ? "a reference back to a group, such as `\\1`" : null;
    }
}
