using static OrleansClean.Cleaning.Tests.StepByStep.StepWords;

namespace OrleansClean.Cleaning.Tests.StepByStep;

public class FilterTests
{
    private const string Input = "id,value\n1,10\n2,\n3,600\n4,\"  \"\n5,500\n";

    [Fact]
    public void Rows_for_which_it_is_not_true_go_and_null_is_counted_apart()
    {
        var step = With("- filter: value <= 500").Over(Input).Gives("id,value\n1,10\n5,500\n").Step("filter");
        Assert.Equal((3, 2, 1), (step.Rows.Dropped, step.DroppedNull, step.DroppedFalse));
    }

    [Fact]
    public void A_cell_that_it_cannot_read_costs_the_row() =>
        With("- filter: value <= 500").Over("id,value\n1,\"1,000\"\n2,3\n").Gives("id,value\n2,3\n").Rejecting("2 type-error value");

    [Fact]
    public void Such_a_row_may_be_dropped_as_null()
    {
        var step = With("- filter: value <= 500\n  on_error: null").Over("id,value\n1,x\n2,3\n").Gives("id,value\n2,3\n").Rejecting().Step("filter");
        Assert.Equal(1, step.DroppedNull);
    }

    [Fact]
    public void Such_a_row_may_be_kept() =>
        With("- filter: value <= 500\n  on_error: keep").Over("id,value\n1,x\n2,3\n3,501\n").Gives("id,value\n1,x\n2,3\n").Rejecting();

    [Fact]
    public void Such_a_row_may_cost_the_file() =>
        With("- filter: value <= 500\n  on_error: fail").Over("id,value\n2,3\n1,x\n").Fails("type-error", "line 3");

    [Fact]
    public void A_filter_whose_column_is_missing_may_be_left_out() =>
        With("- filter: valeu <= 500\n  if_missing: skip").Over("id,value\n1,600\n").Gives("id,value\n1,600\n");

    [Fact]
    public void A_filter_whose_column_is_missing_costs_the_file() =>
        With("- filter: valeu <= 500").Over("id,value\n1,600\n").Fails("missing-label", "filter", "'valeu'", "nearest name is 'value'");

    [Fact]
    public void An_aggregate_is_taken_over_the_rows_that_reach_the_filter() =>
        With("- filter: value < 100\n- filter: value < max(value)\n  id: below")
            .Over("id,value\n1,10\n2,500\n3,99\n4,50\n").Gives("id,value\n1,10\n4,50\n");

    [Fact]
    public void A_row_that_the_filter_rejects_is_in_no_aggregate() =>
        With("- filter: value >= sum(value) / count()").Over("id,value\n1,1\n2,x\n3,3\n").Gives("id,value\n3,3\n").Rejecting("3 type-error value");

    [Fact]
    public void A_row_that_the_filter_keeps_in_spite_of_its_cell_counts_where_it_has_a_value() =>
        With("- filter: value >= sum(value) / count()\n  on_error: keep").Over("id,value\n1,1\n2,x\n3,3\n").Gives("id,value\n2,x\n3,3\n");

    [Fact]
    public void Two_filters_with_aggregates_take_a_pass_each() =>
        Assert.Equal(3, With("- filter: value < max(value)\n- filter: value > min(value)\n  id: above")
            .Over("id,value\n1,1\n2,2\n3,3\n4,4\n").Gives("id,value\n2,2\n3,3\n").Report.Passes);

    [Fact]
    public void A_plan_may_chain_eight_barriers_and_no_more()
    {
        static string Chain(int count) => string.Join('\n', Enumerable.Range(1, count).Select(i => $"- filter: value < max(value)\n  id: f{i}"));
        const string input = "id,value\n1,1\n1,2\n1,3\n1,4\n1,5\n1,6\n1,7\n1,8\n1,9\n";
        With(Chain(8)).Over(input).Gives("id,value\n1,1\n");
        With(Chain(9)).Over(input).Fails("expression-error", "9 steps", "8 are allowed", "f9");
    }
}
