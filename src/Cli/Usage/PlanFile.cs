using OrleansClean.Execution;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cli.Usage;

/// <summary>Reads plans that the command line names.</summary>
internal static class PlanFile
{
    /// <summary>The checked plan at <paramref name="path"/>. What is wrong with it leaves as a <c>PlanException</c>.</summary>
    public static Plan Load(string path, IReadOnlyDictionary<string, string> parameters) =>
        PlanLoader.Load(Text(path), path, parameters);

    /// <summary>The plan's text.</summary>
    public static string Text(string path)
    {
        Check(path);
        return File.ReadAllText(path);
    }

    /// <summary>Refuses a path that holds no plan, with what to type instead.</summary>
    public static void Check(string path)
    {
        if (Directory.Exists(path))
        {
            throw new UsageException($"'{path}' is a folder, not a plan. A plan is a YAML file: 'orleansclean plan new' prints one to begin with.");
        }

        if (!File.Exists(path))
        {
            throw new UsageException($"There is no plan '{path}'. 'orleansclean plan new > {path}' makes one to begin with.");
        }
    }
}
