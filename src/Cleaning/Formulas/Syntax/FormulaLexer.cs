using System.Collections.Frozen;
using System.Text;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Takes a formula's text apart. The first thing that no formula may hold is told as a problem.</summary>
internal sealed class FormulaLexer(
    string text,
    SourcePosition start,
    IReadOnlyDictionary<string, Literal> parameters,
    ICollection<PlanProblem> problems)
{
    private static readonly FrozenSet<string> Keywords = new[]
    {
        "and", "or", "not", "is", "null", "in", "between", "like", "matches",
        "case", "when", "then", "else", "end", "true", "false",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private int _at;
    private int _line = start.Line;
    private int _lineStart = 1 - start.Column;

    public static bool IsNameStart(char c) => char.IsLetter(c) || c == '_';

    public static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c == '_';

    public static bool IsKeyword(string name) => Keywords.Contains(name);

    /// <summary>All keywords, for "did you mean".</summary>
    public static IEnumerable<string> AllKeywords => Keywords;

    /// <summary>The next token.</summary>
    public FormulaToken Next()
    {
        SkipWhiteSpace();
        if (_at == text.Length)
        {
            return Token(TokenKind.End, 0);
        }

        var c = text[_at];
        if (IsNameStart(c))
        {
            return Name();
        }

        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1))))
        {
            return Number();
        }

        return c switch
        {
            '\'' => Text('\''),
            '$' => Parameter(),
            '(' => Token(TokenKind.Open, 1),
            ')' => Token(TokenKind.Close, 1),
            ',' => Token(TokenKind.Comma, 1),
            '<' => Token(TokenKind.Operator, Peek(1) is '=' or '>' ? 2 : 1),
            '>' => Token(TokenKind.Operator, Peek(1) == '=' ? 2 : 1),
            '=' when Peek(1) == '=' => Bad(2, "`==` is not an operator.", "Equality is one `=`."),
            '!' when Peek(1) == '=' => Token(TokenKind.Operator, 2),
            '+' or '-' or '*' or '/' or '%' or '=' => Token(TokenKind.Operator, 1),
            _ => Odd(c),
        };
    }

    /// <summary>Reads the name in <c>col("Unit Price")</c>, in either quotes; the lexer stands behind the parenthesis.</summary>
    public FormulaToken QuotedName()
    {
        SkipWhiteSpace();
        return Peek(0) is var quote && quote is '"' or '\'' ? Text(quote) : Next();
    }

    private FormulaToken Odd(char c) => c switch
    {
        '"' or '`' => Bad(1, $"{c} does not begin anything here.", "Text is in 'single quotes'; an odd column name is written `col(\"Unit Price\")`."),
        '&' => Bad(Peek(1) == '&' ? 2 : 1, "`&` is not an operator.", "Write `and`."),
        '|' => Bad(Peek(1) == '|' ? 2 : 1, "`|` is not an operator.", "Write `or`; text is joined by `concat(a, b)`."),
        '!' => Bad(1, "`!` is not an operator.", "Write `not`."),
        '^' => Bad(1, "`^` is not an operator.", "Write `power(x, n)`."),
        '[' or ']' or '{' or '}' => Bad(1, $"`{c}` means nothing here.", "Lists are in (parentheses), parameters are `${name}`."),
        _ => Bad(1, $"{Describe(c)} means nothing here."),
    };

    private static string Describe(char c) =>
        char.IsControl(c) || char.IsSurrogate(c) ? $"The character U+{(int)c:X4}" : $"`{c}`";

    private FormulaToken Name()
    {
        var end = _at + 1;
        while (end < text.Length && IsNamePart(text[end]))
        {
            end++;
        }

        var name = text[_at..end];
        if (!Keywords.Contains(name))
        {
            return Token(TokenKind.Name, name.Length);
        }

        var word = Token(TokenKind.Keyword, name.Length) with { Text = name.ToLowerInvariant() };
        return word.Text switch
        {
            "null" => word with { Kind = TokenKind.Literal },
            "true" or "false" => word with { Kind = TokenKind.Literal, Value = Value.Boolean(word.Text.Length == 4) },
            _ => word,
        };
    }

    private FormulaToken Number()
    {
        var end = SkipDigits(_at);
        var hasPoint = end < text.Length && text[end] == '.';
        if (hasPoint && !char.IsAsciiDigit(Peek(end + 1 - _at)))
        {
            return Bad(end + 1 - _at, $"{Quoted.Text(text[_at..(end + 1)])} is not a number.", "A digit must follow the point.");
        }

        end = hasPoint ? SkipDigits(end + 1) : end;
        var hasExponent = end < text.Length && text[end] is 'e' or 'E';
        if (hasExponent)
        {
            var digits = end + (Peek(end + 1 - _at) is '+' or '-' ? 2 : 1);
            end = SkipDigits(digits);
            hasExponent = end > digits;
        }

        if (end < text.Length && IsNamePart(text[end]))
        {
            end = Math.Min(end + 1, text.Length);
            return Bad(end - _at, $"{Quoted.Text(text[_at..end])} begins neither a number nor a name.", "A column name that begins with a digit is written `col(\"…\")`.");
        }

        var written = text[_at..end];
        return NumberLiteral.TryRead(written, hasPoint, hasExponent, out var value, out var why)
            ? Token(TokenKind.Number, end - _at) with { Value = value }
            : Bad(end - _at, why);
    }

    private int SkipDigits(int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at;
    }

    private FormulaToken Text(char quote)
    {
        var content = new StringBuilder();
        for (var at = _at + 1; at < text.Length; at++)
        {
            if (text[at] != quote)
            {
                content.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == quote)
            {
                content.Append(text[++at]);
            }
            else
            {
                return Literal(content.ToString(), at + 1 - _at);
            }
        }

        return Bad(1, $"The text that begins with {quote} does not end.", "A quote inside a text is written twice.");
    }

    private FormulaToken Literal(string content, int length)
    {
        var replaced = parameters.Keys.FirstOrDefault(name => content.Contains($"${{{name}}}", StringComparison.Ordinal));
        return replaced is null
            ? Token(TokenKind.Literal, length) with { Value = Value.Text(Encoding.UTF8.GetBytes(content)) }
            : Bad(length, $"`${{{replaced}}}` inside quotes is not replaced.", $"A parameter is a value: write `${{{replaced}}}` without quotes, or join texts with `concat`.");
    }

    private FormulaToken Parameter()
    {
        var end = Peek(1) == '{' ? text.IndexOf('}', _at) : -1;
        if (end < 0)
        {
            return Bad(1, "`$` does not begin anything here.", "A parameter is written `${name}`.");
        }

        var name = text[(_at + 2)..end].Trim();
        if (parameters.TryGetValue(name, out var literal))
        {
            return Token(TokenKind.Literal, end + 1 - _at) with { Value = literal.Value };
        }

        var hint = Nearest.Hint(name, parameters.Keys) ?? "Parameters are declared in `params`.";
        return Bad(end + 1 - _at, $"There is no parameter {Quoted.Text(name)}.", hint);
    }

    private void SkipWhiteSpace()
    {
        for (; _at < text.Length && char.IsWhiteSpace(text[_at]); _at++)
        {
            if (text[_at] == '\n')
            {
                _line++;
                _lineStart = _at + 1;
            }
        }
    }

    private char Peek(int ahead) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private FormulaToken Token(TokenKind kind, int length)
    {
        var token = new FormulaToken(kind, text.Substring(_at, length), Position);
        for (var end = _at + length; _at < end; _at++)
        {
            // Only a text literal may hold a line break.
            if (text[_at] == '\n')
            {
                _line++;
                _lineStart = _at + 1;
            }
        }

        return token;
    }

    private FormulaToken Bad(int length, string message, string? hint = null)
    {
        var token = Token(TokenKind.Bad, length);
        problems.Add(new PlanProblem(token.At, message, hint));
        return token;
    }

    private SourcePosition Position => start.Line == 0 ? default : new(_line, _at - _lineStart + 1);
}
