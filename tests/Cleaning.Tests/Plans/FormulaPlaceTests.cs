namespace OrleansClean.Cleaning.Tests.PlanTexts;

/// <summary>However YAML writes a formula, its problems stand where their characters stand.</summary>
public sealed class FormulaPlaceTests
{
    [Theory]
    [InlineData("- filter: a > rond(b)", "4:15")]
    [InlineData("- filter:   a > rond(b)", "4:17")]
    [InlineData("- filter: \"a > rond(b)\"", "4:16")]
    [InlineData("- filter: \" a > rond(b)\"", "4:17")]
    [InlineData("- filter: 'a = ''x'' and rond(b)'", "4:26")]
    [InlineData("- filter: \"a = '\\\\\\x41' and rond(b)\"", "4:29")]
    [InlineData("- filter: \"\\u0061 > rond(b)\"", "4:21")]
    [InlineData("- filter: |\n    a\n      > rond(b)", "6:9")]
    [InlineData("- filter: >-\n\n    a\n    > rond(b)", "7:7")]
    [InlineData("- filter: a\n    > rond(b)", "5:7")]
    [InlineData("- filter: \"a\n    > rond(b)\"", "5:7")]
    [InlineData("- {filter: \"a > rond(b)\"}", "4:17")]
    [InlineData("- check: [a > 1, rond(b, 2) > 1]", "4:18")]
    [InlineData("- derive:\n    x: é + 1\n    y: '''😀'' + rond(b)'", "6:18")]
    public void A_problem_in_a_formula_has_its_own_line_and_column(string step, string place) => Assert.Contains(
        $"plan.yaml:{place}: There is no function",
        PlanText.StepProblems(step),
        StringComparison.Ordinal);
}
