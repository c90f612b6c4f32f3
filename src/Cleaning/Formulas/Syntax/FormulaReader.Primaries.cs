using System.Collections.Immutable;
using System.Text;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Literals, columns, parentheses, calls and choices.</summary>
internal sealed partial class FormulaReader
{
    private FormulaSyntax? ReadPrimary()
    {
        var token = _token;
        switch (token.Kind)
        {
            case TokenKind.Literal or TokenKind.Number:
                Advance();
                return Node(new FormulaSyntax.Constant(token.Value) { At = token.At });
            case TokenKind.Open:
                return ReadParentheses();
            case TokenKind.Name:
                Advance();
                return _token.Kind == TokenKind.Open
                    ? ReadCall(token)
                    : Node(new FormulaSyntax.Column(token.Text) { At = token.At });
            case TokenKind.Keyword when token.IsKeyword("case"):
                return ReadFormulaCase();
            case TokenKind.Keyword:
                return Expected("a value", $"`{token.Text}` is a word of the language; a column of that name is `col(\"{token.Text}\")`.");
            case TokenKind.Operator when token.Text == "%":
                return Expected("a value", "`%` stands between two numbers: `x % 2`.");
            default:
                return Expected("a value");
        }
    }

    private FormulaSyntax? ReadParentheses()
    {
        var open = _token;
        Advance();
        if (ReadFormula() is not { } inner)
        {
            return null;
        }

        if (_token.Kind != TokenKind.Close)
        {
            var hint = $"The parenthesis at {open.At} is not closed.";
            return Expected("an operator or `)`", open.At.Line == 0 ? null : hint);
        }

        Advance();
        return inner;
    }

    private FormulaSyntax? ReadCall(FormulaToken name)
    {
        if (string.Equals(name.Text, "col", StringComparison.OrdinalIgnoreCase))
        {
            return ReadQuotedColumn(name.At);
        }

        var word = name.Text.ToLowerInvariant();
        if (Enum.TryParse<AggregateKind>(word, ignoreCase: true, out var kind) && char.IsAsciiLetter(word[0]))
        {
            return ReadAggregate(name, kind);
        }

        if (!FunctionCatalog.TryFind(word, out var function))
        {
            return Problem(name.At, $"There is no function {name.Shown}.", FunctionCatalog.Hint(word));
        }

        if (ReadList() is not { } arguments)
        {
            return null;
        }

        if (arguments.Length < function.ArgumentsMin || arguments.Length > function.ArgumentsMax)
        {
            return Problem(name.At, $"`{function.Name}` has {arguments.Length} arguments; it is `{function.Signature}`.");
        }

        object? prepared = null;
        if (function.Prepare?.Invoke(arguments, out prepared) is { } problem)
        {
            _problems.Add(problem);
            return null;
        }

        return Node(new FormulaSyntax.Call(function, arguments) { At = name.At, Prepared = prepared });
    }

    private FormulaSyntax? ReadQuotedColumn(SourcePosition at)
    {
        _token = _lexer.QuotedName();
        if (_token is not { Kind: TokenKind.Literal, Value.Kind: ValueKind.Text })
        {
            return Expected("a column name in quotes", "An odd column name is written `col(\"Unit Price\")`.");
        }

        var column = Encoding.UTF8.GetString(_token.Value.AsText);
        Advance();
        if (_token.Kind != TokenKind.Close)
        {
            return Expected("`)`");
        }

        Advance();
        return Node(new FormulaSyntax.Column(column) { At = at });
    }

    private FormulaSyntax? ReadAggregate(FormulaToken name, AggregateKind kind)
    {
        if (_isInAggregate)
        {
            return Problem(name.At, $"`{name.Text}` stands inside another aggregate.", "Derive the inner value as a column in a step before.");
        }

        _isInAggregate = true;
        var arguments = ReadList();
        _isInAggregate = false;
        if (arguments is null)
        {
            return null;
        }

        var word = kind.ToString().ToLowerInvariant();
        if (arguments.Value.Length > 1)
        {
            var several = kind is AggregateKind.Min or AggregateKind.Max ? $"Of several values in one row it is `{word}_of(a, b)`." : null;
            return Problem(name.At, $"`{word}` is an aggregate over all rows and takes one argument.", several);
        }

        if (arguments.Value.Length == 0 && kind != AggregateKind.Count)
        {
            return Problem(name.At, $"`{word}` needs an argument.", $"Write `{word}(column)`.");
        }

        return Node(new FormulaSyntax.Aggregate(kind, arguments.Value.FirstOrDefault()) { At = name.At });
    }

    private FormulaSyntax? ReadFormulaCase()
    {
        var at = _token.At;
        Advance();
        FormulaSyntax? operand = null;
        if (!_token.IsKeyword("when") && (operand = ReadFormula()) is null)
        {
            return null;
        }

        var branches = ImmutableArray.CreateBuilder<(FormulaSyntax, FormulaSyntax)>();
        while (_token.IsKeyword("when"))
        {
            Advance();
            if (ReadFormula() is not { } when)
            {
                return null;
            }

            if (!_token.IsKeyword("then"))
            {
                return Expected("`then`");
            }

            Advance();
            if (ReadFormula() is not { } then)
            {
                return null;
            }

            branches.Add((when, then));
        }

        if (branches.Count == 0)
        {
            return Expected("`when`", "A choice is written `case when a > 1 then 'x' else 'y' end`.");
        }

        FormulaSyntax? otherwise = null;
        if (_token.IsKeyword("else"))
        {
            Advance();
            if ((otherwise = ReadFormula()) is null)
            {
                return null;
            }
        }

        if (!_token.IsKeyword("end"))
        {
            return Expected(otherwise is null ? "`when`, `else` or `end`" : "`end`");
        }

        Advance();
        return Node(new FormulaSyntax.Case(operand, branches.ToImmutable(), otherwise) { At = at });
    }
}
