using YamlDotNet.Core;

namespace OrleansClean.Cleaning.Plans;

/// <summary>The part of a plan's text that a scalar was read from; finds where a character of the scalar stands in it.</summary>
/// <param name="Text">The plan.</param>
/// <param name="At">The place of <paramref name="Start"/>.</param>
/// <param name="Start">The scalar's first character, quote or <c>|</c>.</param>
/// <param name="End">Behind its last character.</param>
/// <param name="Style">How it is written.</param>
internal sealed record ScalarSource(string Text, SourcePosition At, int Start, int End, ScalarStyle Style)
{
    /// <summary>
    /// The place of the character at <paramref name="index"/> of <paramref name="value"/>, which was read from here. YAML
    /// folds lines, takes off indentation and resolves escapes, but keeps the order of what is not blank: so the characters
    /// that are not blank are counted on both sides.
    /// </summary>
    public SourcePosition PlaceOf(string value, int index)
    {
        var before = 0;
        for (var i = 0; i < Math.Min(index, value.Length); i++)
        {
            before += char.IsWhiteSpace(value[i]) ? 0 : 1;
        }

        var at = Content();
        var behindLast = at;
        for (var seen = 0; at < End; at += LengthAt(at))
        {
            if (char.IsWhiteSpace(Text[at]))
            {
                continue;
            }

            if (seen == before)
            {
                return PlaceOf(index < value.Length && char.IsWhiteSpace(value[index]) ? behindLast : at);
            }

            seen++;
            behindLast = at + LengthAt(at);
        }

        return PlaceOf(behindLast);
    }

    /// <summary>Counted from the scalar's start: from the plan's, a thousand formulas would read it a thousand times.</summary>
    private SourcePosition PlaceOf(int at)
    {
        var before = Text.AsSpan(Start, at - Start);
        var lines = before.Count('\n');
        return lines == 0
            ? At with { Column = At.Column + before.Length }
            : new SourcePosition(At.Line + lines, before.Length - before.LastIndexOf('\n'));
    }

    /// <summary>Where the text itself begins: behind the quote, or on the line below the <c>|</c>.</summary>
    private int Content()
    {
        switch (Style)
        {
            case ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted:
                return Start + 1;
            case ScalarStyle.Literal or ScalarStyle.Folded:
                var line = Text.IndexOf('\n', Start);
                return line < 0 ? End : line + 1;
            default:
                return Start;
        }
    }

    /// <summary>Characters that stand for one: an escape, or a doubled quote. The closing quote is never reached as content.</summary>
    private int LengthAt(int at) => (Style, Text[at]) switch
    {
        (ScalarStyle.SingleQuoted, '\'') => 2,
        (ScalarStyle.DoubleQuoted, '\\') when at + 1 < End => Text[at + 1] switch
        {
            'x' => 4,
            'u' => 6,
            'U' => 10,
            _ => 2,
        },
        _ => 1,
    };
}
