using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Tests.PlanTexts;

/// <summary>The plans that the design was written with lie beside the repository, not in it.</summary>
public sealed class SharedPlansTests
{
    private static readonly Dictionary<string, string> NoParameters = new(StringComparer.Ordinal);

    [SharedPlansFact]
    public void The_plans_of_the_design_load()
    {
        var plans = Directory.GetFiles(SharedPlansFactAttribute.Folder!, "*.yaml");

        Assert.NotEmpty(plans);
        Assert.All(plans, path => Assert.NotEmpty(PlanLoader.Load(File.ReadAllText(path), path, NoParameters).Steps));
    }

    [SharedPlansFact]
    public void The_example_in_the_article_s_plan_holds()
    {
        var path = Path.Combine(SharedPlansFactAttribute.Folder!, "article-example-2.yaml");
        var plan = PlanLoader.Load(File.ReadAllText(path), path, NoParameters);

        var result = Assert.Single(PlanTestRunner.Run(plan, DateTime.UnixEpoch, CancellationToken.None));

        Assert.Equal("", string.Join('\n', result.Differences));
    }
}

/// <summary>A test over the shared plans: skipped, and said so, where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedPlansFactAttribute : FactAttribute
{
    public SharedPlansFactAttribute()
    {
        if (Folder is null)
        {
            Skip = "shared/plans is not beside the repository or above it.";
        }
    }

    public static string? Folder { get; } = WorkingTree.Shared("plans");
}
