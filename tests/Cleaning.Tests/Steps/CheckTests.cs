using static OrleansClean.Cleaning.Tests.StepByStep.StepWords;

namespace OrleansClean.Cleaning.Tests.StepByStep;

public class CheckTests
{
    [Fact]
    public void A_row_that_breaks_a_condition_is_rejected_and_null_breaks_nothing() =>
        With("- check: [a > 0, b < 9]").Over("a,b\n1,1\n0,1\n,\n1,9\n").Gives("a,b\n1,1\n,\n")
            .Rejecting("3 constraint-error a", "5 constraint-error b").Saying("a > 0").Expecting("a > 0");

    [Fact]
    public void The_cell_of_the_conditions_first_column_is_shown() =>
        Assert.Equal("2", With("- check: b + 0 < a").Over("a,b\n1,2\n").Rejects[0].GetProperty("value").GetString());

    [Fact]
    public void A_cell_that_a_condition_cannot_read_costs_the_row() =>
        With("- check: a > 0").Over("a,b\nx,1\n").Rejecting("2 type-error a");

    [Fact]
    public void Such_a_row_may_be_kept_but_not_one_that_breaks_it() =>
        With("- check: a > 0\n  on_error: keep").Over("a,b\nx,1\n0,1\n").Gives("a,b\nx,1\n").Rejecting("3 constraint-error a");

    [Theory]
    [InlineData("x", "type-error")]
    [InlineData("0", "constraint-error")]
    public void Either_may_cost_the_file(string cell, string code) =>
        With("- check: a > 0\n  on_error: fail").Over($"a,b\n{cell},1\n").Fails(code, "line 2");

    [Fact]
    public void An_aggregate_is_taken_over_the_rows_that_break_no_other_condition() =>
        With("- check: [a > 0, a < 2 * avg(a)]").Over("a,b\n1,1\n-100,2\n3,3\n4,4\n9,5\n").Gives("a,b\n1,1\n3,3\n4,4\n")
            .Rejecting("3 constraint-error a", "6 constraint-error a");

    [Fact]
    public void A_condition_on_a_missing_column_may_be_left_out() =>
        With("- check: [z > 0, a > 0]\n  if_missing: skip").Over("a,b\n1,1\n0,1\n").Gives("a,b\n1,1\n");
}
