using OrleansClean.Cleaning.Steps;
using static OrleansClean.Cleaning.Tests.StepByStep.StepWords;

namespace OrleansClean.Cleaning.Tests.StepByStep;

public class ParseDateTests
{
    private const string Open = "- parse: {a: date}";

    [Fact]
    public void One_cell_that_only_one_order_can_read_proves_it_for_the_column()
    {
        var outcome = With(Open).Over("a,b\n15/4/2019,1\n16/4/2019,2\n2/5/2019,3\n")
            .Gives("a,b\n2019-04-15,1\n2019-04-16,2\n2019-05-02,3\n").Changing("parse", 3);
        Assert.Equal(new StepDecision("a", "dmy", 2, 0), Assert.Single(outcome.Step("parse").Decisions));
    }

    [Fact]
    public void The_proof_may_come_last_and_prove_the_other_order()
    {
        var outcome = With(Open).Over("a,b\n1/2/2019,1\n4.5.2019,2\n12-31-2019,3\n")
            .Gives("a,b\n2019-01-02,1\n2019-04-05,2\n2019-12-31,3\n");
        Assert.Equal(new StepDecision("a", "mdy", 1, 0), Assert.Single(outcome.Step("parse").Decisions));
    }

    [Fact]
    public void Without_a_proof_a_cell_that_could_be_two_days_is_ambiguous()
    {
        var outcome = With(Open).Over("a,b\n1/2/2019,1\n").Gives("a,b\n").Rejecting("2 ambiguous-date a").Saying("formats: [d/M/yyyy]");
        Assert.Equal(new StepDecision("a", "unproven", 0, 0), Assert.Single(outcome.Step("parse").Decisions));
    }

    [Fact]
    public void A_cell_that_is_one_day_in_every_order_needs_no_proof() =>
        With(Open).Over("a,b\n5/5/2019,1\n1/2/2019,2\n").Gives("a,b\n2019-05-05,1\n").Rejecting("3 ambiguous-date a");

    [Fact]
    public void Where_proofs_contradict_only_what_is_certain_is_read()
    {
        var outcome = With(Open).Over("a,b\n15/4/2019,1\n14/4/2019,2\n4/15/2019,3\n1/2/2019,4\n")
            .Gives("a,b\n2019-04-15,1\n2019-04-14,2\n2019-04-15,3\n").Rejecting("5 ambiguous-date a");
        Assert.Equal(new StepDecision("a", "unproven", 2, 1), Assert.Single(outcome.Step("parse").Decisions));
    }

    [Theory]
    [InlineData("2019-04-15")]
    [InlineData("2019/4/15")]
    [InlineData("2019.04.15")]
    [InlineData("15 April 2019")]
    [InlineData("15-Apr-2019")]
    [InlineData("\"Apr 15, 2019\"")]
    [InlineData("april 15 2019")]
    [InlineData("\t15/4/2019 ")]
    [InlineData("2019-04-15 00:00:00")]
    public void These_tell_their_day_by_themselves(string cell) =>
        With(Open).Over($"a,b\n{cell},1\n").Gives("a,b\n2019-04-15,1\n");

    [Theory]
    [InlineData("13/13/2019")]
    [InlineData("31/4/2019")]
    [InlineData("30/2/2020")]
    [InlineData("2019-02-29")]
    [InlineData("1/2/19")]
    [InlineData("1/2-2019")]
    [InlineData("1/2/2019 12:30")]
    [InlineData("20190415")]
    [InlineData("15 Avril 2019")]
    [InlineData("yesterday")]
    public void These_are_no_dates(string cell) =>
        With(Open).Over($"a,b\n{cell},1\n").Rejecting("2 type-error a").Expecting("date");

    [Fact]
    public void A_column_of_ISO_dates_says_so()
    {
        var outcome = With(Open).Over("a,b\n2019-04-15,1\n,2\n2019-04-16,3\n").Gives("a,b\n2019-04-15,1\n,2\n2019-04-16,3\n").Changing("parse", 0);
        Assert.Equal(new StepDecision("a", "ymd", 2, 0), Assert.Single(outcome.Step("parse").Decisions));
    }

    [Fact]
    public void Every_column_has_its_own_order() =>
        With("- parse: {a: date, b: date}").Over("a,b\n15/4/2019,4/15/2019\n1/2/2019,1/2/2019\n")
            .Gives("a,b\n2019-04-15,2019-04-15\n2019-02-01,2019-01-02\n");

    [Fact]
    public void Rows_that_a_step_before_has_dropped_prove_nothing() =>
        With("- drop_empty: rows\n- dedupe: [b]\n- parse: {a: date}").Over("a,b\n1/2/2019,1\n15/4/2019,1\n")
            .Gives("a,b\n").Rejecting("2 ambiguous-date a").Dropping("dedupe", 1);

    [Fact]
    public void A_form_that_names_its_order_needs_no_proof()
    {
        var outcome = With("- parse: {a: {type: date, formats: [d/M/yyyy]}}").Over("a,b\n1/2/2019,1\n").Gives("a,b\n2019-02-01,1\n");
        Assert.Empty(outcome.Step("parse").Decisions);
        Assert.Equal(1, outcome.Report.Passes);
    }

    [Fact]
    public void Forms_that_no_text_can_confuse_need_no_proof_and_are_tried_in_order() =>
        Assert.Equal(1, With("- parse: {a: {type: date, formats: [dd.MM.yyyy, MM/dd/yyyy, d MMM yyyy]}}")
            .Over("a,b\n01.02.2019,1\n01/02/2019,2\n3 Mai 2019,3\n3 May 2019,4\n")
            .Gives("a,b\n2019-02-01,1\n2019-01-02,2\n2019-05-03,4\n").Rejecting("4 type-error a").Report.Passes);

    [Theory]
    [InlineData("[dd/MM/yyyy, MM/dd/yyyy]")]
    [InlineData("[M/d/yyyy, dd/MM/yyyy]")]
    public void Forms_that_read_one_text_differently_need_a_proof(string formats)
    {
        var plan = With($"- parse: {{a: {{type: date, formats: {formats}}}}}");
        plan.Over("a,b\n15/04/2019,1\n01/02/2019,2\n").Gives("a,b\n2019-04-15,1\n2019-02-01,2\n");
        plan.Over("a,b\n01/02/2019,2\n").Rejecting("2 ambiguous-date a");
    }

    [Fact]
    public void Years_of_two_digits_are_read_where_a_form_says_so_and_may_need_a_proof()
    {
        With("- parse: {a: {type: date, formats: [dd-MM-yy]}}").Over("a,b\n01-02-03,1\n").Gives("a,b\n2003-02-01,1\n");
        var both = With("- parse: {a: {type: date, formats: [dd-MM-yy, yy-MM-dd]}}");
        both.Over("a,b\n01-02-03,1\n").Rejecting("2 ambiguous-date a");
        both.Over("a,b\n01-02-03,1\n99-12-31,2\n").Gives("a,b\n2001-02-03,1\n1999-12-31,2\n");
    }

    [Fact]
    public void Digits_without_signs_between_them_can_be_confused_too() =>
        With("- parse: {a: {type: date, formats: [ddMMyyyy, yyyyMMdd]}}").Over("a,b\n20122012,1\n31122012,2\n")
            .Gives("a,b\n2012-12-20,1\n2012-12-31,2\n");

    [Fact]
    public void The_plain_form_can_be_read_again_whatever_the_forms() =>
        With("- parse: {a: {type: date, formats: [dd.MM.yyyy]}}").Over("a,b\n2019-04-15,1\n").Gives("a,b\n2019-04-15,1\n").Changing("parse", 0);

    [Fact]
    public void A_form_of_the_plan_comes_before_the_plain_form() =>
        With("- parse: {a: {type: date, formats: [yyyy-dd-MM]}}").Over("a,b\n2019-04-05,1\n").Gives("a,b\n2019-05-04,1\n");

    [Fact]
    public void Names_of_months_may_be_of_another_language() =>
        With("- parse: {a: {type: date, locale: de}}").Over("a,b\n3. März 2019,1\n4 Mai 2019,2\n").Gives("a,b\n2019-03-03,1\n2019-05-04,2\n");

    [Theory]
    [InlineData("2019-04-15T10:20:30", "2019-04-15T10:20:30")]
    [InlineData("2019-04-15 10:20", "2019-04-15T10:20:00")]
    [InlineData("2019-04-15", "2019-04-15T00:00:00")]
    [InlineData("15/4/2019 9:05", "2019-04-15T09:05:00")]
    [InlineData("15.4.2019 9:05:07.25", "2019-04-15T09:05:07.25")]
    [InlineData("15-4-2019 12:05 AM", "2019-04-15T00:05:00")]
    [InlineData("15 April 2019 1:05:00 pm", "2019-04-15T13:05:00")]
    public void Datetimes_are_written_as_ISO_8601(string cell, string expected) =>
        With("- parse: {a: datetime}").Over($"a,b\n{cell},1\n").Gives($"a,b\n{expected},1\n").Changing("parse", cell == expected ? 0 : 1);

    [Theory]
    [InlineData("2019-04-15T10:20:30Z")]
    [InlineData("2019-04-15T10:20:30+02:00")]
    [InlineData("15/4/2019 25:00")]
    [InlineData("15/4/2019 13:00 PM")]
    [InlineData("15/4/2019 10:60")]
    [InlineData("15/4/2019 10")]
    public void A_time_with_a_zone_or_that_no_clock_shows_is_none(string cell) =>
        With("- parse: {a: datetime}").Over($"a,b\n{cell},1\n").Rejecting("2 type-error a").Expecting("datetime");

    [Fact]
    public void Cleaning_what_was_cleaned_changes_nothing()
    {
        var plan = With("- parse: {a: date, b: datetime, c: \"decimal(8,2)\", d: boolean}");
        const string clean = "a,b,c,d\n2019-04-15,2019-05-02T10:00:00,1.50,true\n,,,\n";
        plan.Over("a,b,c,d\n15/4/2019,2/5/2019 10:00,1.5,Y\n,,,\n").Rejecting("2 ambiguous-date b");
        plan.Over("a,b,c,d\n15/4/2019,2019-05-02 10:00,1.5,Y\n,,,\n").Gives(clean);
        plan.Over(clean).Gives(clean).Changing("parse", 0);
    }
}
