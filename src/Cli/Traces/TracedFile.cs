using OrleansClean.Cleaning.Plans;
using OrleansClean.Cli.Usage;
using OrleansClean.Execution.State;

namespace OrleansClean.Cli.Traces;

/// <summary>A file to look into, and the plan to look at it with.</summary>
internal sealed record TracedFile(Plan Plan, string Path)
{
    /// <summary>The file and plan as typed.</summary>
    public static TracedFile Of(string planPath, IReadOnlyDictionary<string, string> parameters, string file) =>
        new(PlanFile.Load(planPath, parameters), file);

    /// <summary>
    /// The plan of a batch, with the parameters it was started with. The file may be named as the batch names it in
    /// ledgers and rejects, or as a path from here.
    /// </summary>
    public static TracedFile OfBatch(BatchOrigin origin, IReadOnlyDictionary<string, string> parameters, string file)
    {
        var all = new Dictionary<string, string>(origin.Parameters, StringComparer.Ordinal);
        foreach (var (name, value) in parameters)
        {
            all[name] = value;
        }

        var shown = System.IO.Path.GetRelativePath(Environment.CurrentDirectory, origin.PlanPath);
        return new TracedFile(PlanFile.Load(shown, all), origin.Inputs.GetValueOrDefault(file, file));
    }
}
