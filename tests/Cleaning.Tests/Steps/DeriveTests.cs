using static OrleansClean.Cleaning.Tests.StepByStep.StepWords;

namespace OrleansClean.Cleaning.Tests.StepByStep;

public class DeriveTests
{
    [Fact]
    public void The_first_plan_of_all_gives_what_it_promises() =>
        With("""
            - drop_empty: rows
            - normalize_headers
            - filter: value <= 500
              if_missing: skip
            - derive:
                normalized_value: value / (max(value) + 1e-9)
              if_missing: 0
            """)
            .Over("id, Value\n1,10\n2,\n3,600\n4,500\n")
            .Gives("id,value,normalized_value\n1,10,0.01999999999996\n4,500,0.999999999998\n").Dropping("filter", 2);

    [Fact]
    public void A_later_formula_sees_the_results_of_the_earlier_ones() =>
        With("- derive:\n    b: a * 2\n    c: b + 1").Over("a,x\n3,y\n").Gives("a,x,b,c\n3,y,6,7\n").Changing("derive", 0);

    [Fact]
    public void An_old_column_keeps_its_place_and_counts_where_its_text_changes() =>
        With("- derive:\n    a: a + 0").Over("a,b\n\"3\",x\n4.50,y\n,z\n").Gives("a,b\n\"3\",x\n4.5,y\n,z\n").Changing("derive", 1);

    [Fact]
    public void A_dropped_name_may_be_used_again() =>
        With("- drop: [a]\n- derive:\n    a: b * 2").Over("a,b\n1,2\n").Gives("b,a\n2,4\n").Changing("derive", 0);

    [Theory]
    [InlineData("null", "a,b\nx,\n3,9\n")]
    [InlineData("keep", "a,b\nx,\n3,9\n")]
    public void A_new_cell_without_a_value_may_stay_empty(string onError, string expected) =>
        With($"- derive:\n    b: a * 3\n  on_error: {onError}").Over("a\nx\n3\n").Gives(expected);

    [Theory]
    [InlineData("null", "a,b\n,1\n9,1\n")]
    [InlineData("keep", "a,b\nx,1\n9,1\n")]
    public void An_old_cell_without_a_new_value_may_be_emptied_or_kept(string onError, string expected) =>
        With($"- derive:\n    a: a * 3\n  on_error: {onError}").Over("a,b\nx,1\n3,1\n").Gives(expected);

    [Fact]
    public void A_formula_that_fails_costs_the_row() =>
        With("- derive:\n    c: a / b").Over("a,b\n1,0\n4,2\n").Gives("a,b,c\n4,2,2\n").Rejecting("2 expression-error c");

    [Theory]
    [InlineData("- derive: {c: 1 / b}", "b", 1, "0", "Division by zero. The formula of c is 1 / b.")]
    [InlineData("- derive: {c: a / b}", "c", -1, "a = 1, b = 0", "Division by zero. The formula of c is a / b.")]
    [InlineData("- derive: {b: b + 1, c: a / (b - 1)}", "c", -1, "a = 1, b = 1", "The formula of c is a / (b - 1).")]
    [InlineData("- derive: {c: max(b) / b}", "b", 1, "0", "Division by zero. The formula of c is max(b) / b.")]
    [InlineData("- derive: {c: '1 / (count() - 2)'}", "c", -1, null, "Division by zero. The formula of c is 1 / (count() - 2).")]
    [InlineData("- filter: 1 / b > 2", "b", 1, "0", "Division by zero. The condition is 1 / b > 2.")]
    [InlineData("- check: a / b > 2", null, -1, "a = 1, b = 0", "The condition is a / b > 2.")]
    [InlineData("- trim: all\n  when: 1 / b > 2", "b", 1, "0", "The condition is 1 / b > 2.")]
    [InlineData("expect: 1 / b > 2", "b", 1, "0", "The condition is 1 / b > 2.")]
    public void A_row_without_a_result_says_of_which_formula_and_what_it_read(string step, string? column, int index, string? value, string message)
    {
        var steps = step.StartsWith("expect: ", StringComparison.Ordinal) ? With("- trim: all", expect: $"- check: {step[8..]}") : With(step);
        var reject = steps.Over("a,b\n1,0\n4,2\n").Rejects[0];

        Assert.Equal("expression-error", reject.GetProperty("code").GetString());
        Assert.Equal(column, reject.GetProperty("column").GetString());
        Assert.Equal(index, reject.GetProperty("column_index") is { ValueKind: System.Text.Json.JsonValueKind.Number } place ? place.GetInt32() : -1);
        Assert.Equal(value, reject.GetProperty("value").GetString());
        Assert.Contains(message, reject.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_formula_of_many_and_large_cells_a_row_shows_a_bounded_part()
    {
        var columns = string.Join(',', Enumerable.Range(0, 12).Select(i => $"c{i}"));
        var all = $"length(concat({string.Join(", ", Enumerable.Range(0, 12).Select(i => $"c{i}"))}))";
        var cells = string.Join(',', Enumerable.Repeat("a" + new string('\u00e9', 5_000), 12));

        var reject = With($"- derive:\n    d: 1 / ({all} - {all})").Over($"{columns}\n{cells}\n").Rejects[0];

        var value = reject.GetProperty("value").GetString()!;
        Assert.StartsWith($"c0 = a{new string('\u00e9', 49)}…, c1 = a", value, StringComparison.Ordinal);
        Assert.EndsWith("…, …", value, StringComparison.Ordinal);
        Assert.DoesNotContain("c8", value, StringComparison.Ordinal);
        Assert.InRange(reject.GetProperty("message").GetString()!.Length, 1, 200);
    }

    [Fact]
    public void A_file_that_fails_for_a_formula_tells_its_column_and_no_cell() =>
        With("- derive: {c: 1 / b}\n  on_error: fail").Over("a,b\nsecret,0\n").Fails("expression-error", "line 2, column b: Division by zero. The formula of c is 1 / b.");

    [Fact]
    public void A_formula_that_fails_may_cost_the_file() =>
        With("- derive:\n    c: a / b\n  on_error: fail").Over("a,b\n4,2\n1,0\n").Fails("expression-error", "line 3");

    [Theory]
    [InlineData("0", "a,c\n1,0\n")]
    [InlineData("0.50", "a,c\n1,0.50\n")]
    [InlineData("none", "a,c\n1,none\n")]
    public void A_column_whose_formula_speaks_of_a_missing_one_may_get_a_value(string literal, string expected) =>
        With($"- derive:\n    c: value / max(value)\n  if_missing: {literal}").Over("a\n1\n").Gives(expected);

    [Fact]
    public void A_column_whose_formula_speaks_of_a_missing_one_may_be_left_out_with_those_that_need_it() =>
        With("- derive:\n    b: value * 2\n    c: a * 2\n    d: b + c\n  if_missing: skip").Over("a\n1\n").Gives("a,c\n1,2\n");

    [Fact]
    public void An_aggregate_sees_earlier_results_and_the_old_cells_of_later_ones() =>
        With("- derive:\n    double: a * 2\n    share: double / sum(double)\n    a: a + max(a)").Over("a,b\n1,x\n3,y\n")
            .Gives("a,b,double,share\n4,x,2,0.25\n6,y,6,0.75\n");

    [Fact]
    public void A_result_made_with_an_aggregate_can_be_used_in_the_same_step() =>
        With("- derive:\n    share: a / sum(a)\n    percent: share * 100").Over("a,b\n1,x\n3,y\n").Gives("a,b,share,percent\n1,x,0.25,25\n3,y,0.75,75\n");

    [Fact]
    public void An_aggregate_over_a_result_made_with_an_aggregate_takes_a_step_of_its_own()
    {
        const string input = "a,b\n1,x\n3,y\n";
        With("- derive:\n    share: a / sum(a)\n    most: max(share)").Over(input).Fails("expression-error", "'share'", "'most'", "derive step of its own");
        With("- derive:\n    share: a / sum(a)\n- derive:\n    most: max(share)\n  id: second").Over(input)
            .Gives("a,b,share,most\n1,x,0.25,0.75\n3,y,0.75,0.75\n");
    }

    [Fact]
    public void A_row_that_any_formula_of_the_step_rejects_is_in_no_aggregate() =>
        With("- derive:\n    total: sum(a)\n    c: b * 2").Over("a,b\n1,1\n5,x\n2,2\n").Gives("a,b,total,c\n1,1,3,2\n2,2,3,4\n").Rejecting("3 type-error b");

    [Fact]
    public void A_row_that_the_step_keeps_is_in_the_aggregates() =>
        With("- derive:\n    total: sum(a)\n    c: b * 2\n  on_error: null").Over("a,b\n1,1\n5,x\n2,2\n").Gives("a,b,total,c\n1,1,8,2\n5,x,8,\n2,2,8,4\n");

    [Theory]
    [InlineData("min(a)", ",\n")]
    [InlineData("count()", ",0\n")]
    [InlineData("count(a)", ",0\n")]
    public void Over_nothing_an_aggregate_is_null_and_a_count_nothing(string formula, string _) =>
        With($"- derive:\n    m: {formula}").Over("a\n").Gives("a,m\n");

    [Fact]
    public void Over_nulls_alone_an_aggregate_is_null() =>
        With("- derive:\n    m: max(a)\n    n: count(a)\n    r: count()").Over("a,b\n,1\n,2\n").Gives("a,b,m,n,r\n,1,,0,2\n,2,,0,2\n");

    [Fact]
    public void A_condition_limits_what_is_derived_and_what_is_aggregated() =>
        With("- derive:\n    share: a / sum(a)\n  when: b = 'x'").Over("a,b\n1,x\n3,x\n9,y\n").Gives("a,b,share\n1,x,0.25\n3,x,0.75\n9,y,\n");

    [Fact]
    public void A_condition_that_speaks_of_a_missing_column_gives_all_rows_the_value() =>
        With("- derive:\n    c: a * 2\n  when: z = 1\n  if_missing: 7").Over("a\n1\n2\n").Gives("a,c\n1,7\n2,7\n");

    [Fact]
    public void A_formula_of_the_wrong_types_is_a_mistake_in_the_plan() =>
        With("- parse: {a: date}\n- derive:\n    c: a * 2").Over("a,b\n2024-01-01,1\n").Fails("expression-error", "does not fit", ":6:");

    [Fact]
    public void A_mistake_in_a_formula_is_told_before_what_would_follow_from_it() =>
        With("- parse: {a: date}\n- derive:\n    c: a * 2\n- filter: c > 1").Over("a,b\n2024-01-01,1\n").Fails("expression-error", ":6:");

    [Fact]
    public void A_text_that_a_formula_makes_is_null_if_it_is_a_word_for_null() =>
        With("- derive:\n    c: concat('N', a)\n- filter: c is null", read: "{nulls: [NA]}").Over("a,b\nA,1\nB,2\n").Gives("a,b,c\nA,1,NA\n");
}
