using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Compiles formulas against a header.</summary>
public static class FormulaCompiler
{
    /// <summary>
    /// Compiles <paramref name="formula"/>; what does not fit the header or the types is added to
    /// <paramref name="problems"/>, and then the result is null. With <paramref name="isCondition"/> the result must be
    /// boolean.
    /// </summary>
    public static CompiledFormula? Compile(
        Formula formula,
        IFormulaScope scope,
        bool isCondition,
        ICollection<PlanProblem> problems) =>
        new FormulaBinder(scope, problems).Compile(formula.Syntax, isCondition);
}
