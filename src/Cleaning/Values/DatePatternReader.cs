using System.Collections.Immutable;
using System.Text;

namespace OrleansClean.Cleaning;

/// <summary>Takes the pattern of a <see cref="DateForm"/> apart.</summary>
internal static class DatePatternReader
{
    public static bool TryRead(string pattern, string locale, out ImmutableArray<DatePart> parts, out string error)
    {
        parts = [];
        if (pattern.Length is 0 or > DateForm.PatternLengthMax)
        {
            error = $"A date form has 1 to {DateForm.PatternLengthMax} characters, this one {pattern.Length}.";
            return false;
        }

        var found = ImmutableArray.CreateBuilder<DatePart>();
        var at = 0;
        while (at < pattern.Length)
        {
            DatePart? part = char.IsAsciiLetter(pattern[at]) && pattern[at] != 'T'
                ? ReadLetters(pattern, ref at, locale, out error)
                : ReadFixed(pattern, ref at, out error);
            if (part is null)
            {
                return false;
            }

            found.Add(part);
        }

        parts = found.ToImmutable();
        error = WhyContradictory(parts);
        return error.Length == 0;
    }

    /// <summary>Why a form cannot read a date, or nothing.</summary>
    public static string WhyNotReadable(ImmutableArray<DatePart> parts)
    {
        foreach (var (letter, name) in new[] { ('y', "year (yyyy)"), ('M', "month (MM)"), ('d', "day (dd)") })
        {
            if (!parts.Any(part => part.Letter == letter))
            {
                return $"The date form names no {name}: a date cannot be read with it.";
            }
        }

        var twice = parts.Where(part => part.Letter != '\'').GroupBy(part => part.Letter).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? "" : $"The date form names '{twice.Key}' twice.";
    }

    private static string WhyContradictory(ImmutableArray<DatePart> parts)
    {
        var hasTwelve = parts.Any(part => part.Letter == 'h');
        var hasHalf = parts.Any(part => part.Letter == 't');
        return (hasTwelve, hasHalf) switch
        {
            (true, false) => "'h' counts hours to twelve and needs tt (AM or PM); the hour of 24 is H.",
            (false, true) => "'tt' (AM or PM) needs h, the hour of twelve.",
            _ => "",
        };
    }

    private static DatePart? ReadLetters(string pattern, ref int at, string locale, out string error)
    {
        var letter = pattern[at];
        var width = 1;
        while (at + width < pattern.Length && pattern[at + width] == letter)
        {
            width++;
        }

        at += width;
        error = "";
        switch (letter, width)
        {
            case ('y', 2 or 4):
            case ('M' or 'd' or 'H' or 'h' or 'm' or 's', 1 or 2):
            case ('f', <= 7):
                return new DatePart.Digits(letter, width);
            case ('M', 3 or 4):
                // A dot that the form itself asks for is not the name's.
                var mayHaveDot = at == pattern.Length || pattern[at] != '.';
                return new DatePart.MonthName(locale, isShort: width == 3, mayHaveDot);
            case ('t', 2):
                return new DatePart.HalfOfDay();
            default:
                error = $"'{new string(letter, width)}' is no part of a date form. {Advice(letter)}";
                return null;
        }
    }

    private static string Advice(char letter) => letter switch
    {
        'Y' or 'y' => "The year is yyyy or yy.",
        'D' or 'd' => "The day of the month is d or dd.",
        'M' => "The month is M, MM, MMM or MMMM.",
        'S' or 's' => "Seconds are s or ss, their fractions f to fffffff.",
        'a' or 'A' or 't' => "AM or PM is tt.",
        _ => $"Letters that may stand here: y M d H h m s f t; write '{letter}' in single quotes to mean itself.",
    };

    private static DatePart.Fixed? ReadFixed(string pattern, ref int at, out string error)
    {
        error = "";
        if (pattern[at] != '\'')
        {
            var start = at;
            while (at < pattern.Length && pattern[at] != '\'' && (pattern[at] == 'T' || !char.IsAsciiLetter(pattern[at])))
            {
                at++;
            }

            return new DatePart.Fixed([.. Encoding.UTF8.GetBytes(pattern[start..at])]);
        }

        var text = new StringBuilder();
        for (at++; at < pattern.Length; at++)
        {
            if (pattern[at] != '\'')
            {
                text.Append(pattern[at]);
                continue;
            }

            if (at + 1 < pattern.Length && pattern[at + 1] == '\'')
            {
                at++;
                text.Append('\'');
                continue;
            }

            at++;

            // Two quotes alone are one quote.
            return new DatePart.Fixed([.. Encoding.UTF8.GetBytes(text.Length == 0 ? "'" : text.ToString())]);
        }

        error = "A single quote in the date form is not closed.";
        return null;
    }
}
