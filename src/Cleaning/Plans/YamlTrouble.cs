using YamlDotNet.Core;

namespace OrleansClean.Cleaning.Plans;

/// <summary>The text of a plan cannot be read beyond a place.</summary>
#pragma warning disable CA1064, RCS1194 // Never leaves PlanYaml.
internal sealed class UnreadablePlanException(SourcePosition at, string message, string? hint = null) : Exception(message)
#pragma warning restore CA1064, RCS1194
{
    public SourcePosition At { get; } = at;

    public string? Hint { get; } = hint;
}

/// <summary>Says in plain words what is wrong where the YAML parser gave up, from what it had read until then.</summary>
internal sealed class YamlTrouble(string text)
{
    private readonly Stack<(bool IsFlow, SourcePosition At, char Bracket)> _open = [];
    private YamlDotNet.Core.Events.Scalar? _last;
    private bool _lastIsFlow;

    public void Enter(bool isFlow, SourcePosition at, char bracket) => _open.Push((isFlow, at, bracket));

    public void Leave() => _open.Pop();

    public void Saw(YamlDotNet.Core.Events.Scalar scalar, bool isFlow)
    {
        _last = scalar;
        _lastIsFlow = isFlow;
    }

    public static SourcePosition PlaceOf(Mark mark) => new((int)mark.Line, (int)mark.Column);

    /// <summary>The place of the character at <paramref name="index"/>.</summary>
    public static SourcePosition PlaceOf(string text, int index)
    {
        var before = text.AsSpan(0, Math.Min(index, text.Length));
        return new SourcePosition(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    /// <summary>The exception to throw instead of the parser's, whose <paramref name="message"/> speaks of productions.</summary>
    public UnreadablePlanException Explain(Mark? where, string message)
    {
        if (message.Contains("tab", StringComparison.Ordinal) && FindTab() is { } tab)
        {
            return new UnreadablePlanException(tab, "This line is indented with a tab.", "YAML indents with spaces only.");
        }

        var at = where is { } mark ? PlaceOf(mark) : _last is null ? new SourcePosition(1, 1) : PlaceOf(_last.End);
        var index = where is { } m ? (int)m.Index : text.Length;
        var c = index < text.Length ? text[index] : '\0';
        var isFlow = _open.TryPeek(out var open) && open.IsFlow;
        if (isFlow && c == '{' && index > 0 && text[index - 1] == '$')
        {
            return new UnreadablePlanException(
                at with { Column = at.Column - 1 },
                $"In {Pair(open.Bracket)} the braces of `${{…}}` end the value.",
                "Write the value on a line of its own, or put all of it in quotes.");
        }

        if (isFlow && where is null)
        {
            return new UnreadablePlanException(
                open.At,
                $"This `{open.Bracket}` is not closed.",
                $"Close it with `{(open.Bracket == '{' ? '}' : ']')}`, or put its parts on lines of their own.");
        }

        if (message.Contains("cannot start any token", StringComparison.Ordinal))
        {
            var hint = c == '`' ? "A column with an odd name is written col(\"odd\")." : "Put the whole value in quotes.";
            return new UnreadablePlanException(at, $"A value cannot begin with {(c == '`' ? "a backtick" : $"`{c}`")}.", hint);
        }

        if (_last is { Style: ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted } quoted
            && quoted.End.Line == at.Line && where is not null && c is not (',' or ']' or '}' or '\r' or '\n' or '\0'))
        {
            return new UnreadablePlanException(
                at,
                "Text follows a closing quote; a value that begins with a quote ends with it.",
                "Put the whole value in the other kind of quotes, such as \"country = 'DE'\".");
        }

        return isFlow ? ExplainFlow(at, open.At, open.Bracket) : ExplainBlock(at, message);
    }

    private UnreadablePlanException ExplainFlow(SourcePosition at, SourcePosition opened, char bracket)
    {
        var hint = _last is { Style: ScalarStyle.Plain } last && _lastIsFlow && last.Value.Contains('(', StringComparison.Ordinal)
            ? "A comma ends a value there: write a formula on a line of its own, or in quotes."
            : $"Is a comma missing, or the `{(bracket == '{' ? '}' : ']')}`?";
        return new UnreadablePlanException(at, $"The `{bracket}` of {opened} cannot be read beyond this place.", hint);
    }

    private static UnreadablePlanException ExplainBlock(SourcePosition at, string message)
    {
        if (message.Contains("invalid mapping", StringComparison.Ordinal))
        {
            return new UnreadablePlanException(
                at,
                "A `: ` cannot stand here.",
                "Put a value that holds `: ` in quotes; if this is a key, indent its line like its neighbours.");
        }

        if (message.Contains("quoted scalar", StringComparison.Ordinal))
        {
            return new UnreadablePlanException(at, "The text that begins with this quote does not end.", "Close the quote on the same line.");
        }

        if (message.Contains("did not find expected key", StringComparison.Ordinal)
            || message.Contains("'-' indicator", StringComparison.Ordinal)
            || message.Contains("not allowed in this context", StringComparison.Ordinal))
        {
            return new UnreadablePlanException(at, "This line does not fit the lines above it.", "Check its indentation: keys of one mapping, and items of one list, begin in one column.");
        }

        return new UnreadablePlanException(
            at,
            "The plan is not valid YAML from here on.",
            "Check indentation, quotes and brackets on this line and the one before.");
    }

    private static string Pair(char bracket) => bracket == '{' ? "{…}" : "[…]";

    /// <summary>The first tab in a line's indentation.</summary>
    private SourcePosition? FindTab()
    {
        var line = 1;
        foreach (var content in text.AsSpan().EnumerateLines())
        {
            var indent = content[..^content.TrimStart(" \t").Length];
            var tab = indent.IndexOf('\t');
            if (tab >= 0 && indent.Length < content.Length)
            {
                return new SourcePosition(line, tab + 1);
            }

            line++;
        }

        return null;
    }
}
