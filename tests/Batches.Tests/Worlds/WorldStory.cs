using System.Globalization;
using System.Text;

namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>
/// Stories of worlds: why, then the world in one line, then each choice and exactly what became visible by it. <c>heal</c> lets the
/// world come to its end.
/// </summary>
internal static class WorldStory
{
    /// <summary>The line of a world's size and manners.</summary>
    public static string Head(WorldPlan plan) => string.Create(
        CultureInfo.InvariantCulture,
        $"world items={plan.Items} workers={plan.Workers} objects={plan.Objects}{(plan.Pieces.IsEmpty ? "" : $" pieces={string.Join(',', plan.Pieces)}")}{(plan.Spec.HasGate ? " gate" : "")}{(plan.IsFolder ? " folder" : "")}{(plan.Spec.ItemTimeout is { } item ? $" item-timeout={item.TotalSeconds}" : "")}{(plan.Spec.BatchTimeout is { } batch ? $" timeout={batch.TotalSeconds}" : "")}");

    /// <summary>Tells a story anew: its own words and choices, with what happens written in.</summary>
    public static string Tell(string text)
    {
        var told = new StringBuilder();
        World? world = null;
        var isPreface = true;
        var isHealing = false;
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            isPreface &= line.Length > 0;
            if (!isPreface && line.StartsWith(' '))
            {
                continue;
            }

            told.Append(line).Append('\n');
            if (isPreface || line.Length == 0 || line.StartsWith('#'))
            {
                continue;
            }

            if (world is null)
            {
                world = new World(Plan(line), happening =>
                {
                    if (!isHealing)
                    {
                        told.Append("    ").Append(happening).Append('\n');
                    }
                });
            }
            else
            {
                isHealing = line == "heal";
                Step(world, line, told);
            }
        }

        return told.ToString();
    }

    private static void Step(World world, string line, StringBuilder told)
    {
        try
        {
            if (line == "heal")
            {
                Healing.Heal(world);
                told.Append(CultureInfo.InvariantCulture, $"    ended {string.Join(' ', world.Checker.Outcomes)}\n");
            }
            else if (!world.TryChoose(Choice.Parse(line)))
            {
                told.Append("    makes no sense here\n");
            }
        }
        catch (BrokenPromiseException broken)
        {
            told.Append(CultureInfo.InvariantCulture, $"    BROKEN {broken.Message}\n");
        }
    }

    private static WorldPlan Plan(string line)
    {
        var words = line.Split(' ');
        int? Number(string name) => words.FirstOrDefault(word => word.StartsWith(name + "=", StringComparison.Ordinal)) is { } word
            ? int.Parse(word.AsSpan(name.Length + 1), CultureInfo.InvariantCulture)
            : null;
        TimeSpan? Seconds(string name) => Number(name) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        var spec = WorldPlan.SpecOf(words.Contains("gate")) with { ItemTimeout = Seconds("item-timeout"), BatchTimeout = Seconds("timeout") };
        return new WorldPlan(Number("items") ?? 1, Number("workers") ?? 1, Faults.All, spec)
        {
            Objects = Number("objects") ?? 1,
            Pieces = [.. words.Where(word => word.StartsWith("pieces=", StringComparison.Ordinal)).SelectMany(word => word["pieces=".Length..].Split(',')).Select(count => int.Parse(count, CultureInfo.InvariantCulture))],
            IsFolder = words.Contains("folder"),
        };
    }
}
