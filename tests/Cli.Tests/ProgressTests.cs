using OrleansClean.Cli.Progress;
using OrleansClean.Execution;
using OrleansClean.Execution.Reports;

namespace OrleansClean.Cli.Tests;

public sealed class ProgressTests
{
    [Fact]
    public void A_line_says_files_bytes_rows_rejects_and_the_time_that_is_left()
    {
        Assert.Equal(
            "1 of 4 files   1.0 MB   10,000 rows   7 rejected   1 retried   about 30 s left",
            Halfway().Line(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Before_the_listing_there_is_nothing_to_count() =>
        Assert.Equal("listing   0 B   0 rows", new ProgressCounts().Line(TimeSpan.FromSeconds(10)));

    [Fact]
    public void A_line_of_json_has_the_same_numbers() =>
        Assert.Equal(
            """{"batch":"b-1","files":1,"filesTotal":4,"failed":0,"retries":1,"bytes":1000000,"bytesTotal":4000000,"rows":10000,"rejects":7,"seconds":10,"secondsLeft":30}""",
            ProgressDisplay.Json(Halfway(), TimeSpan.FromSeconds(10)));

    private static ProgressCounts Halfway()
    {
        var counts = new ProgressCounts();
        counts.Listed(new BatchListing("p", "b-1", 4, 4_000_000, "out/", 2));
        counts.Advanced(1_000_000, 10_000);
        counts.Retrying("a.csv", 1, "busy");
        counts.Finished(new FileSummary { Path = "a.csv", Status = "cleaned", Rows = new FileRows(10_000, 9_993, 0, 7) });
        return counts;
    }
}
