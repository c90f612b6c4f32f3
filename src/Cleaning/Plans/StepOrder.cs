namespace OrleansClean.Cleaning.Plans;

/// <summary>What may follow what. Only <c>guard</c> minds: what a later step writes would go out unguarded.</summary>
internal static class StepOrder
{
    /// <summary>Reports steps that undo what an earlier one is there for.</summary>
    public static void Check(IReadOnlyList<Step> steps, PlanProblems problems)
    {
        foreach (var step in steps.SkipWhile(step => step is not Step.Guard).Where(Writes))
        {
            problems.Add(
                step.At,
                $"`{step.Verb}` comes after `guard`: what it writes would not be guarded.",
                "Put `guard` behind it; only steps that choose rows or columns may follow a guard.");
        }
    }

    private static bool Writes(Step step) =>
        step is not (Step.Guard or Step.DropEmpty or Step.Select or Step.Drop or Step.Filter or Step.Dedupe or Step.Check);
}
