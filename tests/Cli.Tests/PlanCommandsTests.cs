using System.Text.Json;
using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests;

public sealed class PlanCommandsTests
{
    private const string WithTests = """
        plan: 1
        name: tested
        steps:
          - filter: value <= 500
        write: out/{name}.csv
        tests:
          - name: large values leave
            given: |
              id,value
              1,10
              2,600
            expect: |
              id,value
              1,10
            dropped: {filter: 1}
        """;

    [Fact]
    public async Task A_new_plan_runs_as_it_is()
    {
        using var work = new WorkFolder().With("in/a.csv", "Order ID,Value \n1,2\n");
        var plan = await Typed.Async("plan", "new", "--from", "in/a.csv");
        Assert.Equal(0, plan.ExitCode);
        Approved.Matches("plan-new", plan.Out);
        work.With("plan.yaml", plan.Out);

        var answer = await Typed.Async("run", "plan.yaml");

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal("order_id,value\n1,2\n", work.Read("out/a.csv"));
    }

    [Fact]
    public async Task A_new_plan_needs_no_file() => Assert.StartsWith("plan: 1\nname: my-plan\n", (await Typed.Async("plan", "new")).Out, StringComparison.Ordinal);

    [Fact]
    public async Task A_good_plan_is_called_good()
    {
        using var work = new WorkFolder().With("plan.yaml", Plans.Small).With("a.csv", "id,value\n1,2\n");

        var answer = await Typed.Async("plan", "check", "plan.yaml", "a.csv");

        Assert.Equal(0, answer.ExitCode);
        Approved.Matches("plan-check", answer.Out);
    }

    [Fact]
    public async Task A_file_without_the_plan_s_columns_is_named()
    {
        using var work = new WorkFolder().With("plan.yaml", Plans.Small).With("a.csv", "id,valeu\n1,2\n");

        var answer = await Typed.Async("plan", "check", "plan.yaml", "a.csv");

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("a.csv: missing-label", answer.Out.Replace(":1: ", ": ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan", "check", "plan.yaml", "in/a.csv")]
    [InlineData("preview", "plan.yaml", "in/a.csv")]
    [InlineData("why", "in/a.csv:2", "--plan", "plan.yaml")]
    [InlineData("run", "plan.yaml", "in/")]
    [InlineData("run", "plan.yaml", "in/", "-n")]
    public async Task A_plan_that_is_wrong_for_a_header_s_types_is_a_plan_error(params string[] typed)
    {
        using var work = new WorkFolder()
            .With("plan.yaml", "plan: 1\nname: p\nsteps:\n  - filter: a < b\nwrite: out/{name}.csv\n")
            .With("in/a.csv", "id,a,b\n1,2,3\n");

        var answer = await Typed.Async(typed);

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("plan.yaml:4:13: `a` and `b` are both untyped", answer.Out + answer.Error, StringComparison.Ordinal);
        Assert.False(work.Has("out"));
    }

    [Fact]
    public async Task A_plan_s_examples_are_run()
    {
        using var work = new WorkFolder().With("plan.yaml", WithTests);

        var answer = await Typed.Async("plan", "test", "plan.yaml");

        Assert.Equal((0, "ok    large values leave\n1 passed, 0 failed\n"), (answer.ExitCode, answer.Out));
    }

    [Fact]
    public async Task An_example_that_does_not_hold_is_shown_with_the_difference()
    {
        using var work = new WorkFolder().With("plan.yaml", WithTests.Replace("500", "5", StringComparison.Ordinal));

        var answer = await Typed.Async("plan", "test", "plan.yaml");

        Assert.Equal(1, answer.ExitCode);
        Approved.Matches("plan-test-fails", answer.Out);
    }

    [Fact]
    public async Task A_plan_without_examples_says_how_to_write_one()
    {
        using var work = new WorkFolder().With("plan.yaml", Plans.Small);

        var answer = await Typed.Async("plan", "test", "plan.yaml");

        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("has no tests", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_is_explained_step_by_step()
    {
        using var work = new WorkFolder().With("plan.yaml", WithTests);

        Approved.Matches("plan-explain", (await Typed.Async("plan", "explain", "plan.yaml")).Out);
    }

    [Fact]
    public async Task The_schema_is_json() =>
        Assert.Equal("object", JsonDocument.Parse((await Typed.Async("plan", "schema")).Out).RootElement.GetProperty("type").GetString());
}
