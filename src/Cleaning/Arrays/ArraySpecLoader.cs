using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>Reads and checks specs.</summary>
public static class ArraySpecLoader
{
    /// <summary>Bytes of a spec: 1 MiB, as of every plan.</summary>
    public const int BytesMax = PlanYaml.BytesMax;

    /// <summary>
    /// Reads the YAML or JSON in <paramref name="text"/>; <paramref name="specPath"/> is used in messages only. Throws
    /// <see cref="PlanException"/> with every problem found, each with its line and column.
    /// </summary>
    public static ArraySpec Load(string text, string specPath)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(specPath);
        var problems = new PlanProblems();
        if (string.IsNullOrWhiteSpace(text))
        {
            problems.Add(new SourcePosition(1, 1), "The spec is empty.", "A first one: `array: 1`, `steps:`, `  - scale: 2`, each on a line of its own.");
        }

        var spec = problems.Count == 0 && PlanYaml.Read(text, problems) is { } root ? new ArraySpecReader(problems).Read(root) : null;
        return problems.Count == 0 && spec is not null
            ? spec with { Path = specPath }
            : throw new PlanException(specPath, problems.InOrder());
    }
}
