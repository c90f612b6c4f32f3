using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Tests.PlanTexts;

/// <summary>Two words of vocabulary for tests of plans: what a text loads as, and what it is told.</summary>
internal static class PlanText
{
    /// <summary>Loads a whole plan.</summary>
    public static Plan Load(string text, params (string Name, string Value)[] parameters) =>
        PlanLoader.Load(text, "plan.yaml", parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal));

    /// <summary>Loads a plan of these steps, each as <c>- verb: argument</c> without indentation.</summary>
    public static IReadOnlyList<Step> Steps(string steps) => Load(WithSteps(steps)).Steps;

    /// <summary>The only step.</summary>
    public static T Step<T>(string step)
        where T : Step => Assert.IsType<T>(Assert.Single(Steps(step)));

    /// <summary>The messages for a whole plan, one a line, each with its place.</summary>
    public static string Problems(string text, params (string Name, string Value)[] parameters) =>
        Assert.Throws<PlanException>(() => Load(text, parameters)).Message;

    /// <summary>The messages for a plan of these steps; the first step stands on line 4.</summary>
    public static string StepProblems(string steps) => Problems(WithSteps(steps));

    private static string WithSteps(string steps) =>
        $"plan: 1\nname: test\nsteps:\n{steps.TrimEnd('\n')}\nwrite: out/{{name}}.csv\n";
}
