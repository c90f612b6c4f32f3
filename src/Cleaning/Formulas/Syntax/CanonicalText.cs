using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Writes a formula in one spelling, for fingerprints and messages.</summary>
internal static class CanonicalText
{
    public static string Write(FormulaSyntax syntax)
    {
        var text = new StringBuilder();
        Write(syntax, text);
        return text.ToString();
    }

    /// <summary>A text literal.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A column: bare if the parser would read it so.</summary>
    public static string ColumnName(string name) =>
        name.Length > 0 && FormulaLexer.IsNameStart(name[0]) && name.All(FormulaLexer.IsNamePart)
        && !FormulaLexer.IsKeyword(name)
            ? name
            : $"col({Quote(name)})";

    private static void Write(FormulaSyntax syntax, StringBuilder text)
    {
        switch (syntax)
        {
            case FormulaSyntax.Constant constant:
                text.Append(Constant(constant.Value));
                break;
            case FormulaSyntax.Column column:
                text.Append(ColumnName(column.Name));
                break;
            case FormulaSyntax.Negate negate:
                // Minus before a number is part of the number: parentheses keep the two apart.
                var isConstant = negate.Operand is FormulaSyntax.Constant;
                WriteOperand(negate.Operand, text.Append('-'), isConstant ? Strength.AlwaysParentheses : Strength.Prefix);
                break;
            case FormulaSyntax.Not not:
                WriteOperand(not.Operand, text.Append("not "), Strength.Not);
                break;
            case FormulaSyntax.Arithmetic arithmetic:
                WriteArithmetic(arithmetic, text);
                break;
            case FormulaSyntax.Logic logic:
                WriteJoined(logic.Operands, logic.IsAnd ? " and " : " or ", StrengthOf(logic) + 1, text);
                break;
            case FormulaSyntax.Comparison comparison:
                WriteOperand(comparison.Left, text, Strength.Sum);
                text.Append(' ').Append(Operators.Text(comparison.Operator)).Append(' ');
                WriteOperand(comparison.Right, text, Strength.Sum);
                break;
            case FormulaSyntax.Case choice:
                WriteCase(choice, text);
                break;
            case FormulaSyntax.Call call:
                WriteList(call.Arguments, text.Append(call.Function.Name));
                break;
            case FormulaSyntax.Aggregate aggregate:
                WriteList(
                    aggregate.Argument is null ? [] : [aggregate.Argument],
                    text.Append(aggregate.Kind.ToString().ToLowerInvariant()));
                break;
            default:
                WritePredicate(syntax, text);
                break;
        }
    }

    private static void WritePredicate(FormulaSyntax syntax, StringBuilder text)
    {
        var (operand, isNegated) = syntax switch
        {
            FormulaSyntax.IsNull s => (s.Operand, s.IsNegated),
            FormulaSyntax.In s => (s.Operand, s.IsNegated),
            FormulaSyntax.Between s => (s.Operand, s.IsNegated),
            FormulaSyntax.Like s => (s.Operand, s.IsNegated),
            FormulaSyntax.Matches s => (s.Operand, s.IsNegated),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        WriteOperand(operand, text, Strength.Sum);
        if (syntax is FormulaSyntax.IsNull)
        {
            text.Append(isNegated ? " is not null" : " is null");
            return;
        }

        text.Append(isNegated ? " not " : " ");
        switch (syntax)
        {
            case FormulaSyntax.In s:
                WriteList(s.Items, text.Append("in "));
                break;
            case FormulaSyntax.Between s:
                WriteOperand(s.Low, text.Append("between "), Strength.Sum);
                WriteOperand(s.High, text.Append(" and "), Strength.Sum);
                break;
            case FormulaSyntax.Like s:
                text.Append("like ").Append(Quote(s.Pattern));
                break;
            case FormulaSyntax.Matches s:
                text.Append("matches ").Append(Quote(s.Pattern.ToString()));
                break;
        }
    }

    private static void WriteArithmetic(FormulaSyntax.Arithmetic arithmetic, StringBuilder text)
    {
        var strength = StrengthOf(arithmetic);
        WriteOperand(arithmetic.Operands[0], text, strength + 1);
        for (var i = 1; i < arithmetic.Operands.Length; i++)
        {
            text.Append(' ').Append(Operators.Text(arithmetic.Operators[i - 1])).Append(' ');
            WriteOperand(arithmetic.Operands[i], text, strength + 1);
        }
    }

    private static void WriteCase(FormulaSyntax.Case choice, StringBuilder text)
    {
        text.Append("case");
        if (choice.Operand is not null)
        {
            Write(choice.Operand, text.Append(' '));
        }

        foreach (var (when, then) in choice.Branches)
        {
            Write(when, text.Append(" when "));
            Write(then, text.Append(" then "));
        }

        if (choice.Else is not null)
        {
            Write(choice.Else, text.Append(" else "));
        }

        text.Append(" end");
    }

    private static void WriteList(ImmutableArray<FormulaSyntax> items, StringBuilder text) =>
        WriteJoined(items, ", ", Strength.Loosest, text.Append('(')).Append(')');

    private static StringBuilder WriteJoined(
        ImmutableArray<FormulaSyntax> items,
        string between,
        Strength least,
        StringBuilder text)
    {
        for (var i = 0; i < items.Length; i++)
        {
            WriteOperand(items[i], i == 0 ? text : text.Append(between), least);
        }

        return text;
    }

    private static void WriteOperand(FormulaSyntax operand, StringBuilder text, Strength least)
    {
        var isBare = StrengthOf(operand) >= least;
        Write(operand, isBare ? text : text.Append('('));
        text.Append(isBare ? "" : ")");
    }

    private static string Constant(in Value value) => value.Kind switch
    {
        ValueKind.Null => "null",
        ValueKind.Text => Quote(Encoding.UTF8.GetString(value.AsText)),
        ValueKind.Integer => value.AsInteger.ToString(CultureInfo.InvariantCulture),
        ValueKind.Decimal => DecimalText(value.AsDecimal),
        ValueKind.Number => DoubleText(value),
        ValueKind.Boolean => value.AsBoolean ? "true" : "false",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A decimal without a point would read as an integer, unless it is too long for one.</summary>
    private static string DecimalText(decimal value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        var isInteger = !text.Contains('.', StringComparison.Ordinal);
        return isInteger && value is >= long.MinValue and <= long.MaxValue ? $"{text}.0" : text;
    }

    private static string DoubleText(in Value value)
    {
        Span<byte> bytes = stackalloc byte[ValueText.LengthMax];
        var text = Encoding.ASCII.GetString(bytes[..ValueText.Format(value, bytes)]);
        return text.Contains('e', StringComparison.Ordinal) ? text : $"{text}e0";
    }

    private static Strength StrengthOf(FormulaSyntax syntax) => syntax switch
    {
        FormulaSyntax.Logic { IsAnd: false } => Strength.Or,
        FormulaSyntax.Logic => Strength.And,
        FormulaSyntax.Not => Strength.Not,
        FormulaSyntax.Comparison or FormulaSyntax.IsNull or FormulaSyntax.In or FormulaSyntax.Between
            or FormulaSyntax.Like or FormulaSyntax.Matches => Strength.Comparison,
        FormulaSyntax.Arithmetic { Operators: [ArithmeticOperator.Add or ArithmeticOperator.Subtract, ..] } => Strength.Sum,
        FormulaSyntax.Arithmetic => Strength.Product,
        FormulaSyntax.Negate => Strength.Prefix,
        _ => Strength.Tightest,
    };

    /// <summary>How tightly a node holds together.</summary>
    private enum Strength
    {
        Loosest,
        Or,
        And,
        Not,
        Comparison,
        Sum,
        Product,
        Prefix,
        Tightest,
        AlwaysParentheses,
    }
}
