using System.Text;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Tests.PlanTexts;

public sealed class ParametersTests
{
    [Theory]
    [InlineData("500", ValueKind.Integer)]
    [InlineData("-5", ValueKind.Integer)]
    [InlineData("00501", ValueKind.Integer)]
    [InlineData("9223372036854775808", ValueKind.Decimal)]
    [InlineData("1.50", ValueKind.Decimal)]
    [InlineData("1e-9", ValueKind.Number)]
    [InlineData("true", ValueKind.Boolean)]
    [InlineData("null", ValueKind.Null)]
    [InlineData("no", ValueKind.Text)]
    [InlineData("NULL", ValueKind.Text)]
    [InlineData("1,000", ValueKind.Text)]
    [InlineData("2026-08-31", ValueKind.Text)]
    [InlineData("\"500\"", ValueKind.Text)]
    [InlineData("'true'", ValueKind.Text)]
    public void A_default_without_quotes_is_what_it_reads_as(string written, ValueKind expected) =>
        Assert.Equal(expected, With($"p: {written}").Value.Kind);

    [Fact]
    public void A_value_from_outside_is_read_like_its_default()
    {
        Assert.Equal(250, With("p: 500", ("p", "250")).Value.AsInteger);
        Assert.Equal("250", Text(With("p: '500'", ("p", "250"))));
        Assert.Equal("none", Text(With("p: 500", ("p", "none"))));
        Assert.Equal(ValueKind.Boolean, With("p: null", ("p", "true")).Value.Kind);
    }

    [Fact]
    public void A_parameter_that_the_plan_does_not_have_is_told_with_the_nearest() => Assert.Equal(
        "plan.yaml: `--param treshold` is no parameter of this plan. Did you mean `threshold`?",
        PlanText.Problems("plan: 1\nname: p\nparams: {threshold: 1}\nwrite: o.csv\n", ("treshold", "5")));

    [Fact]
    public void A_number_that_no_type_holds_is_no_value() => Assert.Equal(
        "plan.yaml:3:13: `p` of `params` is the number `1e999`, which has too many digits or is too large."
        + " Numbers have at most 28 digits; put it in quotes if it is a text.",
        PlanText.Problems("plan: 1\nname: p\nparams: {p: 1e999}\nwrite: o.csv\n"));

    private static Literal With(string parameter, params (string Name, string Value)[] given) =>
        PlanText.Load($"plan: 1\nname: p\nparams:\n  {parameter}\nwrite: o.csv\n", given).Parameters["p"];

    private static string Text(Literal literal) => Encoding.UTF8.GetString(literal.Value.AsText);
}
