using OrleansClean.Cleaning.Arrays;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Repository.Tests;

/// <summary>Every whole plan that we show or ship is one that loads.</summary>
public sealed class PlansInDocumentsTests
{
    private static readonly Dictionary<string, string> NoParameters = new(StringComparer.Ordinal);

    [Fact]
    public void Every_whole_plan_in_the_documents_loads()
    {
        var plans = House.FilesEndingIn(".md").SelectMany(document => BlocksIn(document, "plan: 1")).ToList();
        Assert.Contains(plans, plan => plan.Place.StartsWith("README.md:", StringComparison.Ordinal));

        Assert.All(plans, plan => PlanLoader.Load(plan.Text, plan.Place, NoParameters));
    }

    [Fact]
    public void Every_sample_plan_loads()
    {
        var samples = House.FilesEndingIn(".yaml").Where(file => file.StartsWith("samples/", StringComparison.Ordinal)).ToList();
        Assert.Contains("samples/sales.yaml", samples);

        Assert.All(samples, sample => Load(House.Read(sample), sample));
    }

    [Fact]
    public void Every_whole_spec_of_an_array_in_the_documents_loads()
    {
        var specs = House.FilesEndingIn(".md").SelectMany(document => BlocksIn(document, "array: 1")).ToList();
        Assert.NotEmpty(specs);

        Assert.All(specs, spec => ArraySpecLoader.Load(spec.Text, spec.Place));
    }

    /// <summary>Loads a plan, or a spec of an array.</summary>
    private static void Load(string text, string place)
    {
        if (text.Split('\n').Any(line => line.StartsWith("array: 1", StringComparison.Ordinal)))
        {
            ArraySpecLoader.Load(text, place);
        }
        else
        {
            PlanLoader.Load(text, place, NoParameters);
        }
    }

    private static IEnumerable<(string Place, string Text)> BlocksIn(string document, string firstKey)
    {
        var lines = House.Lines(document);
        for (var line = 0; line < lines.Length; line++)
        {
            if (lines[line] is not "```yaml")
            {
                continue;
            }

            var block = lines.Skip(line + 1).TakeWhile(text => text is not "```").ToList();
            if (block.Any(text => text.StartsWith(firstKey, StringComparison.Ordinal)))
            {
                yield return ($"{document}:{line + 2}", string.Join('\n', block) + "\n");
            }
        }
    }
}
