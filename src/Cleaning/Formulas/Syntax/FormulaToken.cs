using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Kinds of tokens.</summary>
internal enum TokenKind
{
    End,
    Name,
    Keyword,
    Literal,

    /// <summary>A number as written: a minus before it belongs to it.</summary>
    Number,
    Operator,
    Open,
    Close,
    Comma,

    /// <summary>What no formula may hold; the lexer has said why.</summary>
    Bad,
}

/// <summary>One token.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As written; keywords in lower case.</param>
/// <param name="At">Where it begins in the plan.</param>
/// <param name="Value">The value of a literal.</param>
internal readonly record struct FormulaToken(TokenKind Kind, string Text, SourcePosition At, Value Value = default)
{
    /// <summary>The token in a message, bounded.</summary>
    public string Shown
    {
        get => Kind == TokenKind.End ? "the end of the formula" : Quoted.Text(Text);
    }

    /// <summary>True if this is that keyword.</summary>
    public bool IsKeyword(string word) => Kind == TokenKind.Keyword && string.Equals(Text, word, StringComparison.Ordinal);
}
