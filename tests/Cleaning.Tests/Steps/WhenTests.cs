using static OrleansClean.Cleaning.Tests.StepByStep.StepWords;

namespace OrleansClean.Cleaning.Tests.StepByStep;

public class WhenTests
{
    [Theory]
    [InlineData("- trim: all", "a,k\nx,1\n x,2\n x,\n")]
    [InlineData("- case: {a: upper}", "a,k\n\" X\",1\n x,2\n x,\n")]
    [InlineData("- replace: {a: {x: y}}", "a,k\n\" y\",1\n x,2\n x,\n")]
    [InlineData("- nulls: [x]", "a,k\n,1\n x,2\n x,\n")]
    [InlineData("- map: {a: {\" x\": z}}", "a,k\nz,1\n x,2\n x,\n")]
    [InlineData("- filter: a = 'q'", "a,k\n x,2\n x,\n")]
    [InlineData("- check: a = 'q'", "a,k\n x,2\n x,\n")]
    [InlineData("- parse: {a: integer}\n  on_error: null", "a,k\n,1\n x,2\n x,\n")]
    [InlineData("- derive: {b: k + 1}", "a,k,b\n x,1,2\n x,2,\n x,,\n")]
    public void Only_rows_for_which_it_is_true_are_touched(string step, string expected) =>
        With($"{step}\n  when: k = 1").Over("a,k\n x,1\n x,2\n x,\n").Gives(expected);

    [Fact]
    public void Empty_rows_may_be_dropped_where_a_condition_holds() =>
        With("- drop_empty: rows\n  when: a is null").Over("a,b\n,\n\" \",\n").Gives("a,b\n\" \",\n");

    [Fact]
    public void Null_cells_may_be_filled_where_a_condition_holds() =>
        With("- fill: {a: 9}\n  when: k = 1").Over("a,k\n,1\n,2\n").Gives("a,k\n9,1\n,2\n").Changing("fill", 1);

    [Fact]
    public void Keys_may_be_looked_at_where_a_condition_holds()
    {
        const string input = "a,k\nx,1\nx,2\nx,1\nx,2\n";
        With("- dedupe: [a]\n  when: k = 1").Over(input).Gives("a,k\nx,1\nx,2\nx,2\n");
        With("- dedupe: {by: [a], keep: last}\n  when: k = 1").Over(input).Gives("a,k\nx,2\nx,1\nx,2\n");
    }

    [Fact]
    public void Dates_are_proven_by_the_rows_that_the_step_touches() =>
        With("- parse: {a: date}\n  when: k = 1").Over("a,k\n15/4/2019,2\n1/2/2019,1\n").Gives("a,k\n15/4/2019,2\n").Rejecting("3 ambiguous-date a");

    [Theory]
    [InlineData("reject", "a,k\n x,2\nx,1\n")]
    [InlineData("null", "a,k\n x,z\n x,2\nx,1\n")]
    [InlineData("keep", "a,k\n x,z\n x,2\nx,1\n")]
    public void A_row_for_which_it_fails_is_treated_by_on_error(string onError, string expected) =>
        With($"- trim: all\n  when: k = 1\n  on_error: {onError}").Over("a,k\n x,z\n x,2\n x,1\n").Gives(expected);

    [Fact]
    public void A_row_for_which_it_fails_may_cost_the_file() =>
        With("- trim: all\n  when: k = 1\n  on_error: fail").Over("a,k\n x,z\n").Fails("type-error", "line 2");

    [Fact]
    public void A_step_whose_condition_speaks_of_a_missing_column_may_be_left_out() =>
        With("- trim: all\n  when: z = 1\n  if_missing: skip").Over("a,k\n x,1\n").Gives("a,k\n x,1\n");

    [Fact]
    public void It_may_look_at_the_whole_file() =>
        With("- case: {a: upper}\n  when: k = max(k)").Over("a,k\nx,1\ny,3\n").Gives("a,k\nx,1\nY,3\n");

    [Fact]
    public void It_cannot_look_at_the_whole_file_if_the_step_does() =>
        With("- derive:\n    b: sum(k)\n  when: k = max(k)").Over("a,k\nx,1\n").Fails("expression-error", "measured twice");

    [Fact]
    public void A_column_that_is_parsed_in_some_rows_only_is_text_afterwards() =>
        With("- parse: {a: integer}\n  when: k = 1\n- filter: a > 5").Over("a,k\n07,1\n8.5,2\n3,1\nx,2\n")
            .Gives("a,k\n7,1\n8.5,2\n").Rejecting("5 type-error a");

    [Fact]
    public void A_type_that_some_rows_lose_is_lost_in_all() =>
        With("- parse: {a: date, k: integer}\n- replace: {a: {\"-\": \"\"}}\n  when: k = 1\n- filter: a > 20200101\n  on_error: null")
            .Over("a,k\n2024-01-01,1\n2024-01-01,2\n").Gives("a,k\n20240101,1\n");

    [Fact]
    public void Text_that_parse_kept_is_read_as_text() =>
        With("- parse: {a: integer}\n  on_error: keep\n- filter: a like 'x%' or a = '7'").Over("a,k\n07,1\nx8,2\n9,3\n").Gives("a,k\n7,1\nx8,2\n");
}
