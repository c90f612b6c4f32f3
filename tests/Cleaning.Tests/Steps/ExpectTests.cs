using static OrleansClean.Cleaning.Tests.StepByStep.StepWords;

namespace OrleansClean.Cleaning.Tests.StepByStep;

public class ExpectTests
{
    [Fact]
    public void A_row_that_breaks_one_is_rejected_behind_the_last_step()
    {
        var outcome = With("- trim: all", expect: "- check: a between 1 and 9\n  message: Between one and nine.").Over("a,b\n 5,1\n 10,2\n,3\n")
            .Gives("a,b\n5,1\n,3\n").Rejecting("3 constraint-error a").Saying("Between one and nine.").Expecting("a between 1 and 9");
        Assert.Equal("expect", outcome.Rejects[0].GetProperty("step").GetString());
        Assert.Equal(1, outcome.Step("expect").Rows.Rejected);
    }

    [Fact]
    public void A_warning_counts_and_keeps_the_row()
    {
        var outcome = With("- trim: all", expect: "- {check: a < 9, severity: warn}").Over("a,b\n5,1\n10,2\nx,3\n,4\n")
            .Gives("a,b\n5,1\n10,2\nx,3\n,4\n").Rejecting();
        var report = Assert.Single(outcome.Report.Expectations);
        Assert.Equal(("a < 9", "warn", 4, 2), (report.Check, report.Severity, report.Evaluated, report.Unexpected));
        Assert.Equal([(3, "constraint-error", "10"), (4, "type-error", "x")], report.Samples.Select(sample => ((int)sample.Line, sample.Code, sample.Value)));
    }

    [Fact]
    public void Every_expectation_is_counted_for_every_row_and_warnings_for_those_that_stay()
    {
        var outcome = With("- trim: all", expect: "- {check: b > 1, severity: warn}\n- check: a > 0\n- check: b > 0").Over("a,b\n0,0\n1,1\n1,0\n1,2\n")
            .Gives("a,b\n1,1\n1,2\n");
        Assert.Equal([(2, 1), (4, 1), (4, 2)], outcome.Report.Expectations.Select(one => ((int)one.Evaluated, (int)one.Unexpected)));
        outcome.Rejecting("2 constraint-error a", "4 constraint-error b");
    }

    [Fact]
    public void Samples_end_at_five()
    {
        var input = string.Concat(Enumerable.Range(1, 20).Select(i => $"{i},x\n"));
        var report = With("- trim: all", expect: "- {check: a < 0, severity: warn}").Over($"a,b\n{input}").Report.Expectations[0];
        Assert.Equal(20, report.Unexpected);
        Assert.Equal([2, 3, 4, 5, 6], report.Samples.Select(sample => (int)sample.Line));
    }

    [Fact]
    public void What_measuring_passes_saw_is_not_counted_twice()
    {
        var outcome = With("- filter: a <= max(a)", expect: "- {check: a < max(a), severity: warn}").Over("a,b\n1,x\n2,y\n").Gives("a,b\n1,x\n2,y\n");
        Assert.Equal((2L, 1L), (outcome.Report.Expectations[0].Evaluated, outcome.Report.Expectations[0].Unexpected));
        Assert.Equal(3, outcome.Report.Passes);
    }

    [Fact]
    public void An_aggregate_is_taken_over_the_rows_that_break_no_other_expectation() =>
        With("- trim: all", expect: "- check: a > 0\n- check: a < 2 * avg(a)").Over("a,b\n1,1\n-100,2\n3,3\n4,4\n9,5\n")
            .Gives("a,b\n1,1\n3,3\n4,4\n").Rejecting("3 constraint-error a", "6 constraint-error a");

    [Fact]
    public void An_expectation_on_a_missing_column_costs_the_file() =>
        With("- trim: all", expect: "- check: z > 0").Over("a,b\n1,2\n").Fails("missing-label", "expect", "'z'");
}
