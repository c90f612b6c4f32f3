using OrleansClean.Cleaning.Formulas;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Patterns run without backtracking, so that no cell can stop a batch; some patterns cannot.</summary>
internal static class PatternCheck
{
    /// <summary>Reports why the pattern in <paramref name="node"/> cannot be used, if so.</summary>
    public static void Report(PlanNode node, PlanProblems problems)
    {
        var pattern = node.Text();
        if (!Patterns.TryCompile(pattern, out _, out var error))
        {
            problems.Add(node.At, $"The pattern {Quoted.Text(pattern)} cannot be used.", error);
        }
    }
}
