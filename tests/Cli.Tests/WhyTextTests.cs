using System.Text;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Reading;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Tests.Vocabulary;
using OrleansClean.Cli.Traces;

namespace OrleansClean.Cli.Tests;

public sealed class WhyTextTests
{
    private static readonly DetectedDialect Dialect = new() { Encoding = "utf-8", Delimiter = ";", Newline = "\n", HeaderLine = 1, Confidence = 0.98 };

    [Fact]
    public void A_rejected_row_is_shown_with_a_caret_under_the_cell_and_each_step_before_it() =>
        Approved.Matches("why-rejected", WhyText.Of(Report(Rejected()), "de/2026-08.csv", 913));

    [Fact]
    public void A_written_row_is_shown_with_each_change() =>
        Approved.Matches("why-written", WhyText.Of(Report(Written()), "de/2026-08.csv", 14));

    [Fact]
    public void A_broken_record_is_shown_with_what_reading_says() =>
        Approved.Matches("why-broken", WhyText.Of(Report(Broken()), "de/2026-08.csv", 20));

    [Theory]
    [InlineData("header")]
    [InlineData("preamble")]
    [InlineData("blank")]
    [InlineData("beyond-end")]
    public void A_line_that_is_no_record_says_what_it_is(string lineIs)
    {
        var report = Report() with { LineIs = lineIs };

        Approved.Matches($"why-{lineIs}", WhyText.Of(report, "a.csv", 1));
    }

    [Fact]
    public void The_caret_stands_under_a_cell_behind_wide_letters()
    {
        var row = Rejected() with { Raw = "日本;é;12,9O", Before = [new("a", "日本", 0), new("b", "é", 7), new("amount", "12,9O", 10)] };
        var text = WhyText.Of(Report(row with { Steps = [row.Steps[2] with { Problem = row.Steps[2].Problem! with { ColumnIndex = 2 } }] }), "a.csv", 1);

        Assert.Contains("| 日本;é;12,9O\n", text, StringComparison.Ordinal);
        Assert.Contains("|        ^^^^^ amount", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_preview_shows_rows_before_and_after_and_every_cell_that_differs()
    {
        using var output = new StringWriter();
        PreviewText.Write(new Terminal { Out = output, Error = TextWriter.Null }, Report(Written(), Rejected(), Broken()), "de/2026-08.csv");

        Approved.Matches("preview", output.ToString().ReplaceLineEndings("\n"));
    }

    private static TraceReport Report(params RowTrace[] rows) =>
        new(Dialect, ["Bestell-Nr", "customer", "amount"], ["order_id", "customer", "amount", "total"], [.. rows], null);

    private static RowTrace Rejected() => new()
    {
        Record = 912,
        Line = 913,
        LineEnd = 913,
        ByteOffset = 40_123,
        Raw = "0017; Zoë ;12,9O",
        Before = [new("Bestell-Nr", "0017", 0), new("customer", " Zoë ", 5), new("amount", "12,9O", 12)],
        Outcome = "rejected",
        Steps =
        [
            new StepTrace(1, "normalize_headers", "kept", null, []),
            new StepTrace(2, "trim", "kept", null, [new CellChange("customer", " Zoë ", "Zoë")]),
            new StepTrace(4, "parse", "rejected", new Problem("type-error", "This is not a decimal number.", "amount", 2, "decimal(12,2)", Encoding.UTF8.GetBytes("12,9O")), []),
        ],
    };

    private static RowTrace Written() => new()
    {
        Record = 12,
        Line = 14,
        LineEnd = 15,
        ByteOffset = 512,
        Raw = "0018;\"Ada\nByron\"; 7",
        Before = [new("Bestell-Nr", "0018", 0), new("customer", "Ada\nByron", 5), new("amount", " 7", 17)],
        Outcome = "written",
        Steps =
        [
            new StepTrace(2, "trim", "kept", null, [new CellChange("amount", " 7", "7")]),
            new StepTrace(4, "parse", "kept", null, [new CellChange("amount", "7", "7.00")]),
            new StepTrace(5, "derive", "kept", null, [new CellChange("total", null, "14.00")]),
        ],
        After = [new("order_id", "0018"), new("customer", "Ada\nByron"), new("amount", "7.00"), new("total", "14.00")],
    };

    private static RowTrace Broken() => new()
    {
        Record = 18,
        Line = 20,
        LineEnd = 20,
        ByteOffset = 700,
        Raw = "0019;\"never closed;7",
        Outcome = "rejected",
        ReadProblem = new Problem("unterminated-quote", "A quoted field begins here and does not end. Close the quote, or double the quotes inside."),
    };
}
