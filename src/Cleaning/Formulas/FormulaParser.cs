namespace OrleansClean.Cleaning.Formulas;

/// <summary>Reads the formula language of plans.</summary>
public static class FormulaParser
{
    /// <summary>
    /// Parses <paramref name="text"/>, which stands at <paramref name="at"/> in the plan. Problems are added with their
    /// own line and column; then the result is null. <c>${p}</c> becomes the parameter's value and is never parsed again.
    /// </summary>
    public static FormulaSyntax? Parse(
        string text,
        SourcePosition at,
        IReadOnlyDictionary<string, Plans.Literal> parameters,
        ICollection<PlanProblem> problems) => throw new InvalidOperationException("Not built yet.");
}
