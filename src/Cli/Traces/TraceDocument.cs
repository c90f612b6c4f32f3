using System.Text;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Ledgers;

namespace OrleansClean.Cli.Traces;

/// <summary>What <c>preview -o json</c> and <c>why -o json</c> print.</summary>
internal sealed record TraceDocument(
    string File,
    DialectDocument Dialect,
    IReadOnlyList<string> Header,
    IReadOnlyList<string> Columns,
    string? LineIs,
    IReadOnlyList<RowDocument> Rows)
{
    /// <summary>The document for <paramref name="trace"/>.</summary>
    public static TraceDocument Of(string file, TraceReport trace) => new(
        file,
        DialectDocument.Of(trace.Dialect),
        trace.Header,
        trace.Columns,
        trace.LineIs,
        [.. trace.Rows.Select(RowDocument.Of)]);
}

/// <summary>How a file was read.</summary>
internal sealed record DialectDocument(
    string Encoding, bool Bom, string? Compression, string Delimiter, string Quote, string Newline, int PreambleLines, int HeaderLine, double Confidence)
{
    /// <summary>The document for <paramref name="dialect"/>.</summary>
    public static DialectDocument Of(Cleaning.Reading.DetectedDialect dialect) => new(
        dialect.Encoding,
        dialect.HasBom,
        dialect.Compression,
        dialect.Delimiter,
        dialect.Quote,
        dialect.Newline,
        dialect.PreambleLines,
        dialect.HeaderLine,
        Math.Round(dialect.Confidence, 3));
}

/// <summary>One record and its way through the steps.</summary>
internal sealed record RowDocument(
    long Record,
    long Line,
    long LineEnd,
    long ByteOffset,
    string Raw,
    string Outcome,
    ProblemDocument? Problem,
    IReadOnlyList<CellDocument> Before,
    IReadOnlyList<StepDocument> Steps,
    IReadOnlyList<CellDocument> After)
{
    /// <summary>The document for <paramref name="row"/>.</summary>
    public static RowDocument Of(RowTrace row) => new(
        row.Record,
        row.Line,
        row.LineEnd,
        row.ByteOffset,
        row.Raw,
        row.Outcome,
        ProblemDocument.Of(row.ReadProblem),
        [.. row.Before.Select(cell => new CellDocument(cell.Column, cell.Text))],
        [.. row.Steps.Select(StepDocument.Of)],
        [.. row.After.Select(cell => new CellDocument(cell.Column, cell.Text))]);
}

/// <summary>A cell.</summary>
internal sealed record CellDocument(string Column, string Text);

/// <summary>What a step did to a row.</summary>
internal sealed record StepDocument(int Index, string Id, string Result, ProblemDocument? Problem, IReadOnlyList<ChangeDocument> Changes)
{
    /// <summary>The document for <paramref name="step"/>.</summary>
    public static StepDocument Of(StepTrace step) => new(
        step.Index,
        step.Id,
        step.Result,
        ProblemDocument.Of(step.Problem),
        [.. step.Changes.Select(change => new ChangeDocument(change.Column, change.Before, change.After))]);
}

/// <summary>A changed cell; <paramref name="Before"/> is left out for a new column.</summary>
internal sealed record ChangeDocument(string Column, string? Before, string After);

/// <summary>Why a row was rejected.</summary>
internal sealed record ProblemDocument(string Code, string Message, string? Column, string? Expected, string? Value)
{
    /// <summary>The document for <paramref name="problem"/>, or null.</summary>
    public static ProblemDocument? Of(Problem? problem) => problem is null
        ? null
        : new ProblemDocument(
            problem.Code,
            problem.Message,
            problem.Column,
            problem.Expected.Length == 0 ? null : problem.Expected,
            problem.Value is null ? null : Encoding.UTF8.GetString(problem.Value));
}
