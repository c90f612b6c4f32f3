using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Tests.PlanTexts;

public sealed class PlanTestRunnerTests
{
    [Fact]
    public void An_example_that_holds_has_no_differences()
    {
        var result = Run("""
            given: "id;name\n1; Ann \n;\n2;Bob\n"
            expect: "id,name\n1,Ann\n2,Bob"
            dropped: {drop_empty: 1}
            rejected: {type-error: 0}
            """);

        Assert.Empty(result.Differences);
        Assert.True(result.Passed);
        Assert.Equal(("an example", new SourcePosition(8, 5)), (result.Name, result.At));
    }

    [Fact]
    public void An_example_that_does_not_hold_shows_the_lines_that_differ() => Assert.Equal(
        ["the output differs from line 2 on:", "- 1,Anna", "+ 1,Ann", "rows dropped by drop_empty: expected 0, got 1"],
        Run("""
            given: "id,name\n1,Ann\n,\n2,Bob\n"
            expect: "id,name\n1,Anna\n2,Bob\n"
            dropped: {trim: 0}
            """).Differences.AsEnumerable());

    [Fact]
    public void A_file_that_fails_as_a_whole_says_why() => Assert.StartsWith(
        "the file fails with ",
        Assert.Single(Run("given: \"\"\nexpect: \"\"", "select: [nowhere]").Differences),
        StringComparison.Ordinal);

    private static PlanTestResult Run(string test, string step = "trim: all")
    {
        var plan = PlanText.Load($"""
            plan: 1
            name: tested
            steps:
              - drop_empty: rows
              - {step}
            write: o.csv
            tests:
              - name: an example
                {test.ReplaceLineEndings("\n    ")}
            """);
        return Assert.Single(PlanTestRunner.Run(plan, new DateTime(2026, 8, 31, 0, 0, 0, DateTimeKind.Utc), CancellationToken.None));
    }
}
