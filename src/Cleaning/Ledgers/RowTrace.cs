using System.Collections.Immutable;

namespace OrleansClean.Cleaning.Ledgers;

/// <summary>Which records to trace: those that touch one physical line, or the first few of the file.</summary>
/// <param name="Line">A physical line from one, or null for the first records.</param>
/// <param name="RecordsMax">With no line: how many records to trace.</param>
public sealed record TraceSelection(long? Line, int RecordsMax = 1);

/// <summary>What each step did to one record. Texts are UTF-8 decoded for a person; invalid bytes show as U+FFFD.</summary>
public sealed record RowTrace
{
    /// <summary>The record's number from one, the header not counted.</summary>
    public required long Record { get; init; }

    /// <summary>The physical line on which it begins.</summary>
    public required long Line { get; init; }

    /// <summary>The physical line on which it ends.</summary>
    public required long LineEnd { get; init; }

    /// <summary>Where it begins in the decoded input.</summary>
    public required long ByteOffset { get; init; }

    /// <summary>The record as it stands in the input.</summary>
    public required string Raw { get; init; }

    /// <summary>Why it was rejected by <c>read</c>, or null.</summary>
    public Problem? ReadProblem { get; init; }

    /// <summary>The cells as read, quotes taken off, under the header's own names; empty for a broken record.</summary>
    public ImmutableArray<CellText> Before { get; init; } = [];

    /// <summary>What each step did, up to the one that removed the row.</summary>
    public ImmutableArray<StepTrace> Steps { get; init; } = [];

    /// <summary>The cells as written, under the output's names; empty if the row was removed.</summary>
    public ImmutableArray<CellText> After { get; init; } = [];

    /// <summary><c>written dropped rejected</c>.</summary>
    public required string Outcome { get; init; }
}

/// <summary>One cell. <paramref name="Start"/> is the place of its first byte in the raw record, or -1.</summary>
public sealed record CellText(string Column, string Text, int Start = -1);

/// <summary>What one step did to one record.</summary>
/// <param name="Index">The step's index.</param>
/// <param name="Id">The step's id.</param>
/// <param name="Result"><c>kept dropped rejected failed</c>; a filter says <c>dropped: null</c> or <c>dropped: false</c>.</param>
/// <param name="Problem">Why it was rejected.</param>
/// <param name="Changes">Cells whose text changed or appeared.</param>
public sealed record StepTrace(int Index, string Id, string Result, Problem? Problem, ImmutableArray<CellChange> Changes);

/// <summary>A cell whose text changed; <paramref name="Before"/> is null for a new column.</summary>
public sealed record CellChange(string Column, string? Before, string After);

/// <summary>Traces of some records of one file.</summary>
/// <param name="Dialect">How the file was read.</param>
/// <param name="Header">The header's cells.</param>
/// <param name="Columns">The output's columns.</param>
/// <param name="Rows">The traced records; empty if the line is in no record (header, blank line, behind the end).</param>
/// <param name="LineIs">What the asked line is if it is in no record: <c>preamble header blank beyond-end</c>; else null.</param>
public sealed record TraceReport(
    Reading.DetectedDialect Dialect,
    ImmutableArray<string> Header,
    ImmutableArray<string> Columns,
    ImmutableArray<RowTrace> Rows,
    string? LineIs);
