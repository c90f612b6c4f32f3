using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Tests.PlanTexts;

public sealed class PlanTemplateTests
{
    [Fact]
    public void A_new_plan_loads_and_does_the_usual_first_steps()
    {
        var plan = PlanText.Load(PlanTemplate.New("sales", []));

        Assert.Equal("sales", plan.Name);
        Assert.Equal(["normalize_headers", "drop_empty", "trim"], plan.Steps.Select(s => s.Verb));
    }

    [Fact]
    public void Its_comments_are_steps_that_load_when_they_are_uncommented()
    {
        var text = PlanTemplate.New("sales", ["id", "amount"], "in/*.csv").Replace("# expect:\n#   -", "expect:\n  -", StringComparison.Ordinal)
            .Replace("  # - ", "  - ", StringComparison.Ordinal).Replace("# run:\n#   max", "run:\n  max", StringComparison.Ordinal);

        var plan = PlanText.Load(text);

        Assert.Equal(6, plan.Steps.Length);
        Assert.Single(plan.Expectations);
        Assert.Equal("in/*.csv", Assert.Single(plan.Read.Files));
        Assert.NotNull(plan.Run.MaxRejects);
    }

    [Theory]
    [InlineData("Müller's \"plan\"", "M-ller-s--plan")]
    [InlineData("../../etc", "etc")]
    [InlineData("", "my-plan")]
    public void Any_text_becomes_a_name(string name, string expected) =>
        Assert.Equal(expected, PlanText.Load(PlanTemplate.New(name, [])).Name);

    [Fact]
    public void A_header_may_hold_anything()
    {
        string[] header = ["a\"b", "new\nline", "tab\t", "back\\slash", "\u0007bell", "\ud800", "# no comment", "${x}", "\u2028"];

        var text = PlanTemplate.New("odd", [.. header, .. Enumerable.Range(0, 1000).Select(i => $"column {i}")]);

        Assert.NotNull(PlanText.Load(text));
        Assert.Contains("and 969 more", text, StringComparison.Ordinal);
    }
}
