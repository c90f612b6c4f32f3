using System.Collections.Immutable;
using OrleansClean.Batches;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Reading;
using OrleansClean.Execution.State;

namespace OrleansClean.Execution.Reports;

/// <summary>Turns what the engine reports into what files and people read.</summary>
internal static class FileSummaries
{
    /// <summary>The summary of a cleaned file, without output and place.</summary>
    public static FileSummary Of(string name, FileReport report) => new()
    {
        Path = name,
        Status = FileStatus.Cleaned,
        Dialect = Of(report.Dialect),
        Rows = new FileRows(report.Rows.In, report.Rows.Out, report.Rows.Dropped, report.Rows.Rejected),
        Codes = CodesOf(report),
        FirstReject = report.FirstReject is { } reject
            ? new RejectSummary(reject.Line, reject.Column, reject.Code) { Expected = reject.Expected, Value = reject.Value }
            : null,
        Renamed = report.Renamed.IsEmpty ? null : [.. report.Renamed.Select(r => new RenamedColumn(r.From, r.To))],
        Detail = new FileDetail
        {
            Steps = [.. report.Steps.Select(step => Of(name, step))],
            Expectations = [.. report.Expectations.Select(check => Of(name, check))],
            Lines = new LineTotals(report.PreambleLines, report.BlankLines),
            CellsChanged = report.CellsChanged,
            Columns = report.Columns,
            InputColumns = report.InputColumns,
            ClockWasRead = report.ClockWasRead,
            Passes = report.Passes,
        },
        Reading = report.Reading is { } reading ? new ReadingSummary(reading.Ranges, reading.OneReader, reading.OneReaderBytes) : null,
    };

    /// <summary>The summary of a file that could not be cleaned.</summary>
    public static FileSummary Failed(string name, string code, string message, long line = 0) => new()
    {
        Path = name,
        Status = FileStatus.Failed,
        Failure = new FileFailure(code, message) { Line = line },
    };

    /// <summary>The summary of a listed input that could not be cleaned.</summary>
    public static FileSummary Failed(ListedInput item, Failure failure, int attempts, string? worker) =>
        Failed(item.Name, failure.Code, failure.Message, failure.Line) with
        {
            Attempts = attempts,
            InputEtag = item.Refusal is null ? item.Etag : null,
            InputBytes = item.Bytes,
            Worker = worker,
        };

    private static ImmutableSortedDictionary<string, long>? CodesOf(FileReport report)
    {
        var codes = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var (code, rows) in report.Steps.SelectMany(step => step.Codes))
        {
            codes[code] = codes.GetValueOrDefault(code) + rows;
        }

        return codes.Count == 0 ? null : codes.ToImmutable();
    }

    private static DialectSummary Of(DetectedDialect dialect) => new(
        dialect.Encoding,
        dialect.Delimiter,
        dialect.Quote,
        dialect.Newline,
        dialect.PreambleLines,
        dialect.HeaderLine,
        dialect.Confidence)
    {
        Compression = dialect.Compression,
        Bom = dialect.HasBom,
        Escape = dialect.Escape,
        Comment = dialect.Comment,
    };

    private static StepSummary Of(string file, StepReport step) => new()
    {
        Index = step.Index,
        Id = step.Id,
        In = step.Rows.In,
        Out = step.Rows.Out,
        Dropped = step.Rows.Dropped,
        DroppedNull = step.DroppedNull,
        DroppedFalse = step.DroppedFalse,
        Rejected = step.Rows.Rejected,
        CellsChanged = step.CellsChanged,
        Codes = step.Codes.IsEmpty ? null : step.Codes,
        Decisions = step.Decisions.IsEmpty
            ? null
            : [.. step.Decisions.Select(d => new Decision(file, d.Column, d.Order, d.Proving, d.Contradicting))],
    };

    private static ExpectationSummary Of(string file, ExpectationReport check) => new()
    {
        Check = check.Check,
        Severity = check.Severity,
        Ok = check.Unexpected == 0,
        Evaluated = check.Evaluated,
        Unexpected = check.Unexpected,
        Action = check is { Severity: "error", Unexpected: > 0 } ? "rejected" : null,
        Samples = check.Samples.IsEmpty
            ? null
            : [.. check.Samples.Select(s => new ExpectationSample(file, s.Line, s.Value))],
    };
}
