using System.Text;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Tests.Evidence;
using EvidenceRun = OrleansClean.Cleaning.Tests.Evidence.CleaningRun;

namespace OrleansClean.Cleaning.Tests.Files;

/// <summary>What each step did to one record.</summary>
public class TraceTests
{
    private const string Plan = """
        plan: 1
        name: t
        steps:
          - drop_empty: rows
          - trim: all
          - derive: {share: b / max(b)}
          - filter: b <= 10
        write: o.csv
        """;

    private const string Input = "a,b\nx,1\n\n y ,4\n\"l1\nl2\",8\nz,20\nbad\n";

    [Fact]
    public void A_line_shows_its_record_and_the_changes_of_every_step()
    {
        var row = Assert.Single(Trace(new TraceSelection(4)).Rows);

        Assert.Equal((2L, 4L, " y ,4", "written"), (row.Record, row.Line, row.Raw, row.Outcome));
        Assert.Equal([("a", " y ", 0), ("b", "4", 4)], row.Before.Select(cell => (cell.Column, cell.Text, cell.Start)));
        Assert.Equal(["drop_empty kept", "trim kept", "derive kept", "filter kept"], row.Steps.Select(step => $"{step.Id} {step.Result}"));
        Assert.Equal(
            ["a ' y ' 'y'", "share '' '0.2'"],
            row.Steps.SelectMany(step => step.Changes).Select(change => $"{change.Column} '{change.Before}' '{change.After}'"));
        Assert.Equal(["y", "4", "0.2"], row.After.Select(cell => cell.Text));
    }

    [Theory]
    [InlineData(5, 5, "written")]
    [InlineData(6, 5, "written")]
    [InlineData(7, 7, "dropped")]
    [InlineData(8, 8, "rejected")]
    public void A_line_inside_a_record_finds_the_record(long line, long begins, string outcome)
    {
        var row = Assert.Single(Trace(new TraceSelection(line)).Rows);

        Assert.Equal((begins, outcome), (row.Line, row.Outcome));
    }

    [Theory]
    [InlineData(1, "header")]
    [InlineData(3, "blank")]
    [InlineData(99, "beyond-end")]
    public void A_line_that_is_no_record_says_what_it_is(long line, string kind)
    {
        var report = Trace(new TraceSelection(line));

        Assert.Empty(report.Rows);
        Assert.Equal(kind, report.LineIs);
    }

    [Fact]
    public void The_first_records_are_traced_without_a_line()
    {
        var rows = Trace(new TraceSelection(null, 3)).Rows;

        Assert.Equal([1L, 2L, 3L], rows.Select(row => row.Record));
    }

    [Fact]
    public void A_broken_record_shows_the_problem_of_reading()
    {
        var row = Assert.Single(Trace(new TraceSelection(8)).Rows);

        Assert.Equal("missing-cell", row.ReadProblem?.Code);
        Assert.StartsWith("The record has 1 cell, the header has ", row.ReadProblem?.Message, StringComparison.Ordinal);
        Assert.Equal("bad", row.Raw);
        Assert.Empty(row.Steps);
    }

    private static TraceReport Trace(TraceSelection selection) => FileCleaner.Trace(
        new FileCleaning
        {
            Plan = EvidenceRun.LoadPlan(Plan),
            InputName = "in.csv",
            OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(Input)),
            Outputs = new MemoryOutputs(),
            BatchId = "t-1",
            Now = new DateTime(2026, 1, 31, 0, 0, 0, DateTimeKind.Utc),
        },
        selection,
        CancellationToken.None);
}
