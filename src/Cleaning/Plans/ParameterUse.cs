using System.Text.RegularExpressions;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Which parameters a plan's formulas and name template speak of.</summary>
internal static partial class ParameterUse
{
    /// <summary>The names in ordinal order. A <c>${p}</c> inside a text literal counts too: one name too many does no harm.</summary>
    public static IEnumerable<string> In(Plan plan)
    {
        var formulas = plan.Steps.SelectMany(Formulas).Concat(plan.Expectations.Select(e => e.Check));
        var names = formulas.SelectMany(f => InFormula().Matches(f.Text)).Concat(InTemplate().Matches(plan.Write.To));
        return names.Select(m => m.Groups["name"].Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
    }

    /// <summary>Every formula of one step, <c>when</c> first.</summary>
    public static IEnumerable<Formula> Formulas(Step step)
    {
        IEnumerable<Formula> own = step switch
        {
            Step.Filter filter => [filter.Condition],
            Step.Derive derive => derive.Columns.Select(c => c.Formula),
            Step.Check check => check.Conditions,
            _ => [],
        };
        return step.When is { } when ? own.Prepend(when) : own;
    }

    [GeneratedRegex(@"\$\{\s*(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InFormula();

    [GeneratedRegex(@"\{param\.(?<name>[A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InTemplate();
}
