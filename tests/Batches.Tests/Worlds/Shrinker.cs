using System.Globalization;
using System.Text;

namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>Makes a failure as short as it gets, and tells it as a story that can be kept.</summary>
internal static class Shrinker
{
    /// <summary>Leaves out what is not needed for the same promise to break: halves, then quarters, down to single choices.</summary>
    public static (WorldPlan Plan, List<Choice> Choices) Shrink(WorldPlan plan, List<Choice> choices)
    {
        var promise = PromiseOf(Failure(plan, choices)!);
        bool Breaks(WorldPlan smaller, List<Choice> shorter) => Failure(smaller, shorter) is { } failure && PromiseOf(failure) == promise;
        var smallest = new[] { plan with { Objects = 1 }, plan with { Items = 1 }, plan with { Items = 1, Objects = 1 }, plan with { Items = 2 } }
            .Where(smaller => smaller.Items <= plan.Items)
            .OrderBy(smaller => smaller.Items + smaller.Objects)
            .FirstOrDefault(smaller => Breaks(smaller, choices)) ?? plan;
        for (var size = Math.Max(1, choices.Count / 2); ; size = Math.Max(1, size / 2))
        {
            var before = choices.Count;
            for (var start = 0; start < choices.Count;)
            {
                List<Choice> shorter = [.. choices.Take(start), .. choices.Skip(start + size)];
                if (Breaks(smallest, shorter))
                {
                    choices = shorter;
                }
                else
                {
                    start += size;
                }
            }

            if (size == 1 && choices.Count == before)
            {
                return (smallest, choices);
            }
        }
    }

    /// <summary>What breaks when these choices are made and the world then heals; null if nothing does.</summary>
    public static Exception? Failure(WorldPlan plan, List<Choice> choices)
    {
        var world = new World(plan);
#pragma warning disable CA1031 // Whatever the machine throws is what is looked for.
        try
        {
            choices.ForEach(choice => world.TryChoose(choice));
            Healing.Heal(world);
            return null;
        }
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
    }

    /// <summary>The failure as a story for <c>Scenarios/Worlds</c>.</summary>
    public static string Tell(string why, WorldPlan plan, List<Choice> choices)
    {
        var text = new StringBuilder().Append(why).Append("\n\n").Append(WorldStory.Head(plan)).Append('\n');
        choices.ForEach(choice => text.Append(CultureInfo.InvariantCulture, $"{choice}\n"));
        return WorldStory.Tell(text.Append("heal\n").ToString());
    }

    /// <summary>The kind of a failure: two that break the same promise are the same to the shrinker.</summary>
    private static string PromiseOf(Exception failure) => failure is BrokenPromiseException
        ? failure.Message.Split(':')[0]
        : failure.GetType().Name;
}
