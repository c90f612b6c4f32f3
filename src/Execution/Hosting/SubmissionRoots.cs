using OrleansClean.Execution.Inputs;
using OrleansClean.Execution.Running;

namespace OrleansClean.Execution.Hosting;

/// <summary>What a submission's roots are, where a plan's own folder is what its paths are relative to.</summary>
public static class SubmissionRoots
{
    /// <summary>
    /// The folder that <c>write:</c> begins with, below <paramref name="baseFolder"/>: a full path. Throws <c>PlanException</c> for a bad plan.
    /// </summary>
    public static string OutputOf(string planText, string planPath, IReadOnlyDictionary<string, string> parameters, string baseFolder) =>
        new OutputTemplate(BatchSeams.Real.LoadPlan(planText, planPath, parameters), baseFolder, "", default).Root;
}
