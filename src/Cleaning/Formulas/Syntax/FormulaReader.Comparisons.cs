using System.Collections.Immutable;
using System.Text;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Comparisons and what else asks a question of one value.</summary>
internal sealed partial class FormulaReader
{
    private FormulaSyntax? ReadComparison()
    {
        var left = ReadSum();
        if (left is null)
        {
            return null;
        }

        if (_token.Kind == TokenKind.Operator && ComparisonOf(_token.Text) is { } op)
        {
            return ReadRightSide(left, op);
        }

        if (_token.IsKeyword("is"))
        {
            return ReadIsNull(left);
        }

        var isNegated = _token.IsKeyword("not");
        if (isNegated)
        {
            Advance();
        }

        return _token switch
        {
            { Kind: TokenKind.Keyword, Text: "in" } => ReadIn(left, isNegated),
            { Kind: TokenKind.Keyword, Text: "between" } => ReadBetween(left, isNegated),
            { Kind: TokenKind.Keyword, Text: "like" or "matches" } => ReadPattern(left, isNegated),
            _ => isNegated ? Expected("`in`, `between`, `like` or `matches`") : left,
        };
    }

    private static ComparisonOperator? ComparisonOf(string text) => text switch
    {
        "=" => ComparisonOperator.Equal,
        "<>" or "!=" => ComparisonOperator.NotEqual,
        "<" => ComparisonOperator.Less,
        "<=" => ComparisonOperator.LessOrEqual,
        ">" => ComparisonOperator.Greater,
        ">=" => ComparisonOperator.GreaterOrEqual,
        _ => null,
    };

    private FormulaSyntax? ReadRightSide(FormulaSyntax left, ComparisonOperator op)
    {
        var at = _token.At;
        Advance();
        if (ReadSum() is not { } right)
        {
            return null;
        }

        if (IsNullLiteral(left) || IsNullLiteral(right))
        {
            var operand = CanonicalText.Write(IsNullLiteral(right) ? left : right);
            var test = op == ComparisonOperator.NotEqual ? "is not null" : "is null";
            return Problem(at, $"`{Operators.Text(op)} null` is never true.", $"Write `{Shown.Shorten(operand)} {test}`.");
        }

        return Node(new FormulaSyntax.Comparison(op, left, right) { At = left.At });
    }

    private FormulaSyntax? ReadIsNull(FormulaSyntax operand)
    {
        Advance();
        var isNegated = _token.IsKeyword("not");
        if (isNegated)
        {
            Advance();
        }

        if (_token is not { Kind: TokenKind.Literal, Text: "null" })
        {
            return Expected("`null`", "After `is` stands `null` or `not null`; values are compared with `=`.");
        }

        Advance();
        return Node(new FormulaSyntax.IsNull(operand, isNegated) { At = operand.At });
    }

    private FormulaSyntax? ReadIn(FormulaSyntax operand, bool isNegated)
    {
        Advance();
        if (_token.Kind != TokenKind.Open)
        {
            return Expected("`(`", "A list is written `(1, 2, 3)`.");
        }

        if (ReadList() is not { } items)
        {
            return null;
        }

        if (items.IsEmpty)
        {
            return Problem(operand.At, "The list after `in` is empty.", "It needs at least one value.");
        }

        var nullItem = items.FirstOrDefault(IsNullLiteral);
        return nullItem is null
            ? Node(new FormulaSyntax.In(operand, items, isNegated) { At = operand.At })
            : Problem(nullItem.At, "Nothing is equal to null, in a list too.", $"Write `or {Shown.Formula(operand)} is null` beside it.");
    }

    private FormulaSyntax? ReadBetween(FormulaSyntax operand, bool isNegated)
    {
        Advance();
        if (ReadSum() is not { } low)
        {
            return null;
        }

        if (!_token.IsKeyword("and"))
        {
            return Expected("`and`", "A range is written `between 1 and 5`; both ends belong to it.");
        }

        Advance();
        if (ReadSum() is not { } high)
        {
            return null;
        }

        return IsNullLiteral(low) || IsNullLiteral(high)
            ? Problem(low.At, "A range with null holds no value.", "Compare with one end: `x >= 1`.")
            : Node(new FormulaSyntax.Between(operand, low, high, isNegated) { At = operand.At });
    }

    private FormulaSyntax? ReadPattern(FormulaSyntax operand, bool isNegated)
    {
        var isLike = _token.IsKeyword("like");
        Advance();
        if (_token is not { Kind: TokenKind.Literal, Value.Kind: ValueKind.Text })
        {
            return Expected("a pattern in 'single quotes'", "A pattern stands in the plan; it is not taken from a column.");
        }

        var at = _token.At;
        var pattern = Encoding.UTF8.GetString(_token.Value.AsText);
        Advance();
        if (isLike)
        {
            return LikePattern.WhyNot(pattern) is { } why
                ? Problem(at, why)
                : Node(new FormulaSyntax.Like(operand, pattern, isNegated) { At = operand.At });
        }

        return Patterns.TryCompile(pattern, out var regex, out var error)
            ? Node(new FormulaSyntax.Matches(operand, regex, isNegated) { At = operand.At })
            : Problem(at, error);
    }

    /// <summary>Reads <c>(a, b)</c>; null once a problem was told.</summary>
    private ImmutableArray<FormulaSyntax>? ReadList()
    {
        Advance();
        var items = ImmutableArray.CreateBuilder<FormulaSyntax>();
        if (_token.Kind == TokenKind.Close)
        {
            Advance();
            return items.ToImmutable();
        }

        while (true)
        {
            if (ReadFormula() is not { } item)
            {
                return null;
            }

            items.Add(item);
            if (_token.Kind == TokenKind.Close)
            {
                Advance();
                return items.ToImmutable();
            }

            if (_token.Kind != TokenKind.Comma)
            {
                Expected("`,` or `)`");
                return null;
            }

            Advance();
        }
    }

    private static bool IsNullLiteral(FormulaSyntax syntax) => syntax is FormulaSyntax.Constant { Value.IsNull: true };
}
