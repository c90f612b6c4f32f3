namespace OrleansClean.Cleaning.Plans;

/// <summary>Reads and checks plans.</summary>
public static class PlanLoader
{
    /// <summary>
    /// Reads the YAML or JSON in <paramref name="text"/>. <paramref name="parameters"/> overrule the plan's defaults; an
    /// unknown one is a problem. <paramref name="planPath"/> is used in messages only. Throws <see cref="PlanException"/>
    /// with every problem found.
    /// </summary>
    public static Plan Load(string text, string planPath, IReadOnlyDictionary<string, string> parameters)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(planPath);
        ArgumentNullException.ThrowIfNull(parameters);
        var problems = new PlanProblems();
        var plan = PlanYaml.Read(text, problems) is { } root ? new PlanReader(problems, parameters).Read(root) : null;
        return problems.Count == 0 && plan is not null
            ? plan with { Path = planPath }
            : throw new PlanException(planPath, problems.InOrder());
    }
}
