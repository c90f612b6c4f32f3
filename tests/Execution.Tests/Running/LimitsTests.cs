using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Tests.Vocabulary;

namespace OrleansClean.Execution.Tests.Running;

public sealed class LimitsTests : IDisposable
{
    private readonly Workplace _place = new Workplace().WriteInputs(3).Write("in/bad.csv", "id,value\n1,x\n2,2\n");

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("max_rejects: 1", true)]
    [InlineData("max_rejects: 0", false)]
    [InlineData("max_rejects: 10%", true)]
    [InlineData("max_rejects: 9%", false)]
    public async Task Beyond_max_rejects_nothing_is_published_and_the_rejects_can_be_seen(string limit, bool isMet)
    {
        _place.Plan($"{Workplace.SimplePlan}\nrun: {{{limit}}}");

        var report = await _place.RunAsync();

        Assert.Equal(isMet ? BatchStatus.Done : BatchStatus.LimitExceeded, report.Status);
        Assert.Equal(isMet ? 5 : 0, _place.Files().Count);
        Assert.Equal(new RowTotals(11, 10, 0, 1, Balanced: true), report.Ledger.Rows);
        Assert.Empty(_place.Staged());
        Assert.Equal("in/bad.csv", Assert.Single(new Rejects.RejectStore(_place.State, null).Read()).File);
        if (!isMet)
        {
            Assert.Equal(ExitCodes.LimitExceeded, ExitCodes.Of(report));
            Assert.Contains("1 of 11 rows were rejected", report.Message, StringComparison.Ordinal);
            Assert.Contains("Nothing was published", report.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Old_outputs_stay_where_a_limit_is_exceeded_and_the_next_run_is_a_new_batch()
    {
        _place.Write("out/1.csv", "old");

        var first = await _place.RunAsync(r => r with { MaxRejects = new Cleaning.Plans.RejectLimit(0, null) });
        Assert.Equal("old", _place.Read("out/1.csv"));
        var second = await _place.RunAsync();

        Assert.Equal(("simple", BatchStatus.Done), (second.Plan.Name, second.Status));
        Assert.NotEqual(first.BatchId, second.BatchId);
        Assert.Equal(4, second.Ledger.Files.Cleaned);
    }

    [Fact]
    public async Task An_expectation_of_the_batch_speaks_of_totals()
    {
        _place.Plan(Workplace.SimplePlan + """

            expect:
              - {check: rows_in = 11 and rows_out = 10 and rejected = 1 and files = 4 and failed = 0 and dropped = 0, scope: batch}
              - {check: rejected = 0, scope: batch, severity: warn}
            """);

        var report = await _place.RunAsync();

        Assert.Equal(BatchStatus.Done, report.Status);
        Assert.Equal([true, false], report.Expectations.Select(e => e.Ok));
        Assert.Equal(ExitCodes.FailOnMatched, ExitCodes.Of(report, FailOn.Warnings));

        _place.Plan(Workplace.SimplePlan + "\nexpect: [{check: rejected < 1, scope: batch}]");
        var refused = await _place.RunAsync(r => r with { Force = true });
        Assert.Equal(BatchStatus.LimitExceeded, refused.Status);
        Assert.Contains("'rejected < 1'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Published_together_nothing_is_visible_before_all_files_are_done()
    {
        var visible = -1;
        _place.Plan(Workplace.SimplePlan + "\nrun: {publish: together}").Seams = _place.Seams with
        {
            Clean = (job, token) =>
            {
                visible = Math.Max(visible, _place.Files().Count);
                return Cleaning.FileCleaner.Clean(job, token);
            },
        };

        Assert.Equal(BatchStatus.Done, (await _place.RunAsync()).Status);
        Assert.Equal((0, 5), (visible, _place.Files().Count));
    }

    [Fact]
    public async Task Combined_files_become_one_output_in_the_order_of_names_under_one_header()
    {
        _place.Plan(Workplace.SimplePlan.Replace("out/{name}.csv", "{to: out/all.csv, combine: true}", StringComparison.Ordinal))
            .Write("in/0.csv", "").Write("in/2.csv", "id,value\n\"quoted\n,x\",1\n");

        var report = await _place.RunAsync(r => r with { FileOrder = names => [.. names.Reverse()] });

        Assert.Equal(["_rejects/bad.rejects.csv", "all.csv"], _place.Files());
        Assert.Equal("id,value\n1-1,1\n1-2,2\n1-3,3\n\"quoted\n,x\",1\n3-1,1\n3-2,2\n3-3,3\n2,2\n", _place.Read("out/all.csv"));
        Assert.Equal(new FileInfo(_place.PathOf("out/all.csv")).Length, report.Ledger.Bytes.Out);
        Assert.True((await Verification.ReportVerifier.VerifyAsync(_place.State, null, CancellationToken.None)).Ok);
        Assert.Empty(Directory.GetFiles(_place.PathOf($"out/.orleansclean/batches/{report.BatchId}/parts")));
    }

    [Fact]
    public async Task Combined_files_are_unchanged_together()
    {
        _place.Plan(Workplace.SimplePlan.Replace("out/{name}.csv", "{to: out/all.csv, combine: true, file_column: true}", StringComparison.Ordinal));
        await _place.RunAsync();
        Assert.Equal(4, (await _place.RunAsync()).Ledger.Files.Unchanged);
        Assert.True((await Verification.ReportVerifier.VerifyAsync(_place.State, null, CancellationToken.None)).Ok);

        _place.Write("in/2.csv", "id,value\n9,9\n");
        Assert.Equal(4, (await _place.RunAsync()).Ledger.Files.Cleaned);
        Assert.StartsWith("_file,id,value\nin/1.csv,1-1,1\n", _place.Read("out/all.csv"), StringComparison.Ordinal);
        Assert.Contains("in/2.csv,9,9\nin/3.csv,3-1,1\n", _place.Read("out/all.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_other_columns_is_not_combined_and_says_which()
    {
        _place.Plan(Workplace.SimplePlan.Replace("out/{name}.csv", "{to: out/all.csv, combine: true}", StringComparison.Ordinal))
            .Write("in/2.csv", "id,value,more\n1,1,1\n").Write("in/3.csv", "value,id\n1,1\n");

        var report = await _place.RunAsync();

        Assert.Equal(["missing-label", "missing-label"], report.Files.Take(2).Select(f => f.Failure!.Code));
        Assert.Contains("it has besides 'more'", report.Files[0].Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("another order", report.Files[1].Failure!.Message, StringComparison.Ordinal);
        Assert.Equal("id,value\n1-1,1\n1-2,2\n1-3,3\n2,2\n", _place.Read("out/all.csv"));
    }

    [Fact]
    public async Task A_combined_output_needs_one_name()
    {
        _place.Plan(Workplace.SimplePlan.Replace("out/{name}.csv", "{to: 'out/{name}.csv', combine: true}", StringComparison.Ordinal));

        await Assert.ThrowsAnyAsync<Exception>(() => _place.RunAsync());
        Assert.Empty(_place.Files());
    }
}
