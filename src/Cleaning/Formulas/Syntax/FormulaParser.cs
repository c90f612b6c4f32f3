using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Reads the formula language of plans.</summary>
public static class FormulaParser
{
    /// <summary>Characters of a formula, at most.</summary>
    public const int TextLengthMax = 16 * 1024;

    /// <summary>Parentheses, calls and prefixes inside one another, at most.</summary>
    public const int DepthMax = 100;

    /// <summary>Literals, columns, operators and calls of one formula, at most.</summary>
    public const int NodesMax = 5_000;

    /// <summary>
    /// Parses <paramref name="text"/>, which stands at <paramref name="at"/> in the plan. Problems are added with their
    /// own line and column; then the result is null. <c>${p}</c> becomes the parameter's value and is never parsed again.
    /// </summary>
    public static FormulaSyntax? Parse(
        string text,
        SourcePosition at,
        IReadOnlyDictionary<string, Literal> parameters,
        ICollection<PlanProblem> problems)
    {
        if (text.Length > TextLengthMax)
        {
            problems.Add(new PlanProblem(
                at,
                $"The formula has {text.Length} characters; at most {TextLengthMax} are read.",
                "Split it over several derived columns."));
            return null;
        }

        return new FormulaReader(new FormulaLexer(text, at, parameters, problems), problems).ReadAll();
    }
}
