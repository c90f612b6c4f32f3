using System.Collections.Immutable;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>
/// The grammar, one method per precedence, loosest first. A method returns null once a problem was told; the first problem
/// ends the reading.
/// </summary>
internal sealed partial class FormulaReader
{
    private readonly FormulaLexer _lexer;
    private readonly ICollection<PlanProblem> _problems;
    private FormulaToken _token;
    private int _depth;
    private int _nodes;
    private bool _isInAggregate;

    public FormulaReader(FormulaLexer lexer, ICollection<PlanProblem> problems)
    {
        _lexer = lexer;
        _problems = problems;
        _token = lexer.Next();
    }

    /// <summary>Reads the whole text as one formula.</summary>
    public FormulaSyntax? ReadAll()
    {
        if (_token.Kind == TokenKind.End)
        {
            return Problem(_token.At, "The formula is empty.", "Write a condition or a value, such as `value <= 500`.");
        }

        var formula = ReadFormula();
        return formula is null || _token.Kind == TokenKind.End ? formula : UnexpectedAfterOperand();
    }

    private FormulaSyntax? ReadFormula()
    {
        if (++_depth > FormulaParser.DepthMax)
        {
            return TooDeep();
        }

        var formula = ReadOr();
        _depth--;
        return formula;
    }

    private FormulaSyntax? ReadOr() => ReadLogic(isAnd: false);

    private FormulaSyntax? ReadLogic(bool isAnd)
    {
        var first = isAnd ? ReadNot() : ReadLogic(isAnd: true);
        var word = isAnd ? "and" : "or";
        if (first is null || !_token.IsKeyword(word))
        {
            return first;
        }

        var operands = ImmutableArray.CreateBuilder<FormulaSyntax>();
        AddFlat(operands, first, isAnd);
        while (_token.IsKeyword(word))
        {
            Advance();
            if ((isAnd ? ReadNot() : ReadLogic(isAnd: true)) is not { } operand)
            {
                return null;
            }

            AddFlat(operands, operand, isAnd);
        }

        return Node(new FormulaSyntax.Logic(isAnd, operands.ToImmutable()) { At = first.At });
    }

    /// <summary>Parentheses around the same connective say nothing: <c>a and (b and c)</c> is one chain.</summary>
    private static void AddFlat(ImmutableArray<FormulaSyntax>.Builder operands, FormulaSyntax operand, bool isAnd)
    {
        if (operand is FormulaSyntax.Logic inner && inner.IsAnd == isAnd)
        {
            operands.AddRange(inner.Operands);
        }
        else
        {
            operands.Add(operand);
        }
    }

    private FormulaSyntax? ReadNot()
    {
        if (!_token.IsKeyword("not"))
        {
            return ReadComparison();
        }

        var at = _token.At;
        Advance();
        if (++_depth > FormulaParser.DepthMax)
        {
            return TooDeep();
        }

        var operand = ReadNot();
        _depth--;
        return operand is null ? null : Node(new FormulaSyntax.Not(operand) { At = at });
    }

    private FormulaSyntax? ReadSum() => ReadChain(isSum: true);

    private FormulaSyntax? ReadChain(bool isSum)
    {
        var first = isSum ? ReadChain(isSum: false) : ReadPrefix();
        if (first is null || OperatorOf(_token, isSum) is null)
        {
            return first;
        }

        // (a + b) + c is a + b + c, bit for bit; a + (b + c) is not.
        var isSameChain = first is FormulaSyntax.Arithmetic { Operators: [var op, ..] }
            && isSum == op is ArithmeticOperator.Add or ArithmeticOperator.Subtract;
        var chain = isSameChain ? (FormulaSyntax.Arithmetic)first : new FormulaSyntax.Arithmetic([first], []);
        var operands = chain.Operands.ToBuilder();
        var operators = chain.Operators.ToBuilder();
        while (OperatorOf(_token, isSum) is { } next)
        {
            Advance();
            if ((isSum ? ReadChain(isSum: false) : ReadPrefix()) is not { } operand)
            {
                return null;
            }

            operators.Add(next);
            operands.Add(operand);
        }

        return Node(new FormulaSyntax.Arithmetic(operands.ToImmutable(), operators.ToImmutable()) { At = first.At });
    }

    private static ArithmeticOperator? OperatorOf(in FormulaToken token, bool isSum) =>
        token.Kind != TokenKind.Operator ? null : (isSum, token.Text) switch
        {
            (true, "+") => ArithmeticOperator.Add,
            (true, "-") => ArithmeticOperator.Subtract,
            (false, "*") => ArithmeticOperator.Multiply,
            (false, "/") => ArithmeticOperator.Divide,
            (false, "%") => ArithmeticOperator.Modulo,
            _ => null,
        };

    private FormulaSyntax? ReadPrefix()
    {
        if (_token is not { Kind: TokenKind.Operator, Text: "-" or "+" })
        {
            return ReadPrimary();
        }

        var sign = _token;
        Advance();
        if (_token.Kind == TokenKind.Number)
        {
            var value = sign.Text == "-" ? NumberLiteral.Negate(_token.Value) : _token.Value;
            Advance();
            return Node(new FormulaSyntax.Constant(value) { At = sign.At });
        }

        if (++_depth > FormulaParser.DepthMax)
        {
            return TooDeep();
        }

        var operand = ReadPrefix();
        _depth--;
        if (operand is null)
        {
            return null;
        }

        // A plus still asks for a number: zero minus a negation would do, and a column read as a number is one.
        return sign.Text == "-"
            ? Node(new FormulaSyntax.Negate(operand) { At = sign.At })
            : Node(new FormulaSyntax.Negate(new FormulaSyntax.Negate(operand) { At = sign.At }) { At = sign.At });
    }

    private void Advance() => _token = _lexer.Next();

    private FormulaSyntax? Node(FormulaSyntax node) =>
        ++_nodes <= FormulaParser.NodesMax
            ? node
            : Problem(node.At, $"The formula has more than {FormulaParser.NodesMax} parts.", "Split it over several derived columns.");

    private FormulaSyntax? TooDeep() =>
        Problem(
            _token.At,
            $"The formula is nested more than {FormulaParser.DepthMax} levels deep.",
            "Take parentheses away, or split it over several derived columns.");

    private FormulaSyntax? Problem(SourcePosition at, string message, string? hint = null)
    {
        _problems.Add(new PlanProblem(at, message, hint));
        return null;
    }

    private FormulaSyntax? Expected(string what, string? hint = null) =>
        _token.Kind == TokenKind.Bad ? null : Problem(_token.At, $"Found {_token.Shown}, expected {what}.", hint);

    private FormulaSyntax? UnexpectedAfterOperand()
    {
        var hint = _token switch
        {
            { Kind: TokenKind.Name } => Nearest.Hint(_token.Text, FormulaLexer.AllKeywords)
                ?? "A column name with blanks is written `col(\"Unit Price\")`.",
            { Kind: TokenKind.Close } => "There is one `)` too many.",
            { Kind: TokenKind.Operator, Text: "=" or "<>" or "!=" or "<" or "<=" or ">" or ">=" } =>
                "Comparisons are joined by `and`: `a < b and b < c`.",
            _ => null,
        };
        return Expected("an operator or the end of the formula", hint);
    }
}
