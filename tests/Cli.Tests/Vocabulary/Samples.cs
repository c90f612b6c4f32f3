using System.Collections.Immutable;
using OrleansClean.Execution.Reports;

namespace OrleansClean.Cli.Tests.Vocabulary;

/// <summary>Reports made by hand.</summary>
internal static class Samples
{
    /// <summary>Twelve files, one of which failed, with everything that a ledger can say.</summary>
    public static BatchReport Sales() => new()
    {
        BatchId = "sales-5b1f9d44-1",
        Status = "partial",
        StartedAt = new DateTimeOffset(2026, 8, 31, 22, 0, 3, TimeSpan.Zero),
        Plan = new PlanIdentity("sales", "5b1f", ImmutableSortedDictionary<string, string>.Empty),
        Engine = new EngineIdentity("0.1.0", 1, 2),
        Ledger = new BatchLedger(
            new FileCounts(12, 11, 0, 1, 0),
            new RowTotals(40_118, 38_902, 1_190, 26, Balanced: true),
            new LineTotals(3, 40),
            new CellTotals(12_407),
            new ByteTotals(3_120_000, 2_900_000)),
        Steps =
        [
            Step(0, "read", 40_118, 0, 3, 0),
            Step(1, "normalize_headers", 40_115, 0, 0, 0),
            Step(2, "drop_empty", 40_115, 90, 0, 0),
            Step(4, "parse", 40_025, 0, 22, 12_407) with
            {
                Decisions = [new Decision("de/1.csv", "ordered", "dmy", 120, 0), new Decision("de/2.csv", "ordered", "dmy", 7, 0)],
            },
            Step(5, "filter", 40_003, 1_100, 0, 0) with { DroppedNull = 12, DroppedFalse = 1_088 },
            Step(6, "expect", 38_903, 0, 1, 0),
        ],
        Expectations =
        [
            new ExpectationSummary { Check = "order_id is not null", Severity = "error", Ok = true, Evaluated = 38_903, Unexpected = 0 },
            new ExpectationSummary { Check = "quantity between 1 and 9999", Severity = "error", Ok = false, Evaluated = 38_903, Unexpected = 1 },
            new ExpectationSummary
            {
                Check = "ordered <= today()", Severity = "warn", Ok = false, Evaluated = 38_902, Unexpected = 3,
                Samples = [new ExpectationSample("fr/2026-08.csv", 40_122, "2062-08-01")],
            },
        ],
        Codes = ImmutableSortedDictionary.CreateRange<string, long>(
            [new("type-error", 22), new("extra-cell", 2), new("unterminated-quote", 1), new("constraint-error", 1)]),
        Files =
        [
            new FileSummary
            {
                Path = "fr/2026-07.csv.gz", Status = "failed", InputBytes = 148_576, Failure = new FileFailure("compression-error", "gzip ends early at byte 48,576."),
            },
            Cleaned("fr/2026-08.csv", new RejectSummary(14, null, "extra-cell") { Expected = "6 cells" }, new("Numéro", "numero"), new("", "column_5"), new("total", "total_2")),
            Cleaned("de/2026-08.csv", new RejectSummary(913, "amount", "type-error") { Expected = "decimal", Value = "12,9O" }, new RenamedColumn("Bestell-Nr", "order_id")),
            .. Enumerable.Range(1, 9).Select(month => Cleaned($"es/2026-0{month}.csv", null, [.. Enumerable.Range(1, 8).Select(i => new RenamedColumn($"Columna {i}", $"columna_{i}"))])),
        ],
        Cost = new BatchCost(1.2, 0.8, 88_000_000, 1_100),
        Links = new BatchLinks("_rejects/", "files.jsonl", "manifest.json"),
    };

    /// <summary>Nothing went in and nothing went wrong.</summary>
    public static BatchReport Empty() => Sales() with
    {
        Status = "done",
        Ledger = new BatchLedger(
            new FileCounts(1, 1, 0, 0, 0), new RowTotals(0, 0, 0, 0, Balanced: true), new LineTotals(0, 0), new CellTotals(0), new ByteTotals(10, 10)),
        Steps = [Step(0, "read", 0, 0, 0, 0)],
        Expectations = [],
        Codes = ImmutableSortedDictionary<string, long>.Empty,
        Files = [Cleaned("a.csv", null)],
    };

    private static StepSummary Step(int index, string id, long rowsIn, long dropped, long rejected, long changed) => new()
    {
        Index = index,
        Id = id,
        In = rowsIn,
        Out = rowsIn - dropped - rejected,
        Dropped = dropped,
        Rejected = rejected,
        CellsChanged = changed,
    };

    private static FileSummary Cleaned(string path, RejectSummary? first, params RenamedColumn[] renamed) =>
        new() { Path = path, Status = "cleaned", FirstReject = first, Renamed = renamed.Length == 0 ? null : [.. renamed] };
}
