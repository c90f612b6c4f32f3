using OrleansClean.Cli.Ledgers;
using OrleansClean.Cli.Tests.Vocabulary;
using OrleansClean.Execution.Reports;

namespace OrleansClean.Cli.Tests;

public sealed class LedgerTextTests
{
    private static readonly LedgerOptions Out = new() { OutputRoot = "out/" };

    [Fact]
    public void A_ledger_accounts_for_every_row_and_says_what_to_type_next() =>
        Approved.Matches("ledger-sales", LedgerText.Of(Samples.Sales(), Out));

    [Fact]
    public void All_steps_are_shown_on_request() =>
        Assert.Contains("normalize_headers", LedgerText.Of(Samples.Sales(), Out with { AllSteps = true }), StringComparison.Ordinal);

    [Fact]
    public void A_batch_without_a_row_has_a_short_ledger() =>
        Approved.Matches("ledger-empty", LedgerText.Of(Samples.Empty(), Out));

    [Fact]
    public void A_ledger_that_does_not_balance_cries() =>
        Assert.Contains("NOT BALANCED", LedgerText.Of(Unbalanced(), Out), StringComparison.Ordinal);

    [Fact]
    public void Of_many_failed_files_a_few_are_named_and_the_rest_counted()
    {
        var report = Samples.Sales();
        var files = Enumerable.Range(0, 900).Select(i => report.Files[0] with { Path = $"f{i:000}.csv" });
        var text = LedgerText.Of(
            report with { Files = [.. files], Ledger = report.Ledger with { Files = new FileCounts(900, 0, 0, 900, 0) } }, Out);

        Assert.Contains("f004.csv", text, StringComparison.Ordinal);
        Assert.DoesNotContain("f005.csv", text, StringComparison.Ordinal);
        Assert.Contains("and 895 more", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_size_is_that_of_all_files_as_far_as_the_report_names_them()
    {
        var report = Samples.Sales();
        var more = report with { Ledger = report.Ledger with { Files = new FileCounts(13, 11, 0, 2, 0) } };

        Assert.StartsWith("sales   12 files   3.3 MB  ->", LedgerText.Of(report, Out), StringComparison.Ordinal);
        Assert.StartsWith("sales   13 files   at least 3.3 MB  ->", LedgerText.Of(more, Out), StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_that_many_files_share_are_told_once_and_no_more_than_a_few_are_told()
    {
        var report = Samples.Sales();
        var files = Enumerable.Range(0, 900).Select(i => report.Files[1] with { Path = $"f{i:000}.csv", Renamed = [new RenamedColumn($"A {i % 300}", $"a_{i % 300}")] });

        var lines = LedgerText.Of(report with { Files = [.. files], Ledger = report.Ledger with { Files = new FileCounts(1_900, 1_900, 0, 0, 0) } }, Out).Split('\n');

        Assert.Equal("  names    \"A 0\" -> a_0   at least 3 files", Assert.Single(lines, line => line.Contains("names", StringComparison.Ordinal)));
        Assert.Equal(3, lines.Count(line => line.Contains("-> a_", StringComparison.Ordinal)));
        Assert.Single(lines, line => line.StartsWith("           and 297 other headers: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_from_files_cannot_steer_the_terminal()
    {
        var report = Samples.Sales();
        var nasty = "\u001b]0;owned\u0007\nrows   1 in";
        var reject = new RejectSummary(1, nasty, "type-error") { Expected = nasty, Value = nasty };
        var text = LedgerText.Of(
            report with
            {
                Files = [report.Files[0] with { Path = nasty, Failure = new FileFailure("storage-error", nasty) }, report.Files[2] with { Path = nasty, FirstReject = reject, Renamed = [new RenamedColumn(nasty, nasty)] }],
                Plan = report.Plan with { Name = nasty },
                Message = nasty,
            },
            Out with { OutputRoot = nasty });

        Assert.DoesNotContain('\u001b', text);
        Assert.DoesNotContain('\u0007', text);
        Assert.Single(text.Split('\n'), line => line.TrimStart().StartsWith("rows ", StringComparison.Ordinal));
    }

    private static BatchReport Unbalanced()
    {
        var report = Samples.Sales();
        return report with { Ledger = report.Ledger with { Rows = report.Ledger.Rows with { Out = 1, Balanced = false } } };
    }
}
