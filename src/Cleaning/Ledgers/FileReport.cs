using System.Collections.Immutable;
using OrleansClean.Cleaning.Reading;
using OrleansClean.Cleaning.Steps;

namespace OrleansClean.Cleaning.Ledgers;

/// <summary>Rows of one file, one step or a batch: <c>in = out + dropped + rejected</c>, always.</summary>
public readonly record struct RowCounts(long In, long Out, long Dropped, long Rejected)
{
    /// <summary>True if the promise holds.</summary>
    public bool IsBalanced => In == Out + Dropped + Rejected;

    /// <summary>The sum of two ledgers.</summary>
    public static RowCounts operator +(RowCounts a, RowCounts b) =>
        new(a.In + b.In, a.Out + b.Out, a.Dropped + b.Dropped, a.Rejected + b.Rejected);
}

/// <summary>What one step did to one file, or to a batch.</summary>
public sealed record StepReport
{
    /// <summary>The step's place: 0 is <c>read</c>; expectations come last.</summary>
    public required int Index { get; init; }

    /// <summary>The step's id; <c>read</c> and <c>expect</c> for the two at the ends.</summary>
    public required string Id { get; init; }

    /// <summary>The verb; empty for <c>read</c> and <c>expect</c>.</summary>
    public string Verb { get; init; } = "";

    /// <summary>Rows.</summary>
    public required RowCounts Rows { get; init; }

    /// <summary>Of the dropped rows, those for which a filter's condition was null.</summary>
    public long DroppedNull { get; init; }

    /// <summary>Of the dropped rows, those for which a filter's condition was false.</summary>
    public long DroppedFalse { get; init; }

    /// <summary>Cells of rows leaving the step whose text differs from what entered. Cells of new columns do not count.</summary>
    public long CellsChanged { get; init; }

    /// <summary>Rejected rows by code.</summary>
    public ImmutableSortedDictionary<string, long> Codes { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>What the step decided from whole files.</summary>
    public ImmutableArray<StepDecision> Decisions { get; init; } = [];
}

/// <summary>One expectation over the rows of a file or a batch.</summary>
public sealed record ExpectationReport
{
    /// <summary>The condition as written.</summary>
    public required string Check { get; init; }

    /// <summary><c>error</c> or <c>warn</c>.</summary>
    public required string Severity { get; init; }

    /// <summary>Rows that it was evaluated for.</summary>
    public long Evaluated { get; init; }

    /// <summary>Rows that broke it.</summary>
    public long Unexpected { get; init; }

    /// <summary>The first rows that broke it, at most <see cref="SamplesMax"/>.</summary>
    public ImmutableArray<RejectPlace> Samples { get; init; } = [];

    /// <summary>Samples kept for each expectation and file.</summary>
    public const int SamplesMax = 5;
}

/// <summary>Where a problem is.</summary>
/// <param name="Line">The physical line from one.</param>
/// <param name="Column">The column's name, or null.</param>
/// <param name="Code">The code.</param>
/// <param name="Value">The offending text, at most 200 characters, or null.</param>
/// <param name="Expected">What was expected.</param>
public sealed record RejectPlace(long Line, string? Column, string Code, string? Value, string Expected);

/// <summary>A column's way from the header to the output.</summary>
/// <param name="From">The text in the header, or empty for a derived column.</param>
/// <param name="To">The name in the output.</param>
public sealed record ColumnMapping(string From, string To);

/// <summary>How a large file was read. It says nothing about the rows: they are the same however a file is read.</summary>
/// <param name="Ranges">Ranges that were cleaned side by side; 0 if one reader read the file from its beginning to its end.</param>
/// <param name="OneReader">Why one reader read all of the file or some stretches of it, or null.</param>
/// <param name="OneReaderBytes">Bytes of decoded input that one reader read in the deciding pass.</param>
public sealed record RangeReport(long Ranges, string? OneReader, long OneReaderBytes);

/// <summary>What was done with one file: its ledger, balanced when it is handed out.</summary>
public sealed record FileReport
{
    /// <summary>How the file was read.</summary>
    public required DetectedDialect Dialect { get; init; }

    /// <summary>Records in, out, dropped and rejected.</summary>
    public required RowCounts Rows { get; init; }

    /// <summary>Step 0, the plan's steps, and the expectations if there are any, in order.</summary>
    public required ImmutableArray<StepReport> Steps { get; init; }

    /// <summary>The expectations, in order.</summary>
    public ImmutableArray<ExpectationReport> Expectations { get; init; } = [];

    /// <summary>Lines before the header.</summary>
    public long PreambleLines { get; init; }

    /// <summary>Lines without a character.</summary>
    public long BlankLines { get; init; }

    /// <summary>Cells changed, over all steps.</summary>
    public long CellsChanged { get; init; }

    /// <summary>Bytes of decoded input read in one pass, header and line ends included.</summary>
    public long BytesIn { get; init; }

    /// <summary>Bytes written.</summary>
    public long BytesOut { get; init; }

    /// <summary>Header cells whose name in the output is another one, in order.</summary>
    public ImmutableArray<ColumnMapping> Renamed { get; init; } = [];

    /// <summary>The columns of the output, in order.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>Columns of the input; 0 for a file without a header and rows.</summary>
    public int InputColumns { get; init; }

    /// <summary>The first rejected row, or null.</summary>
    public RejectPlace? FirstReject { get; init; }

    /// <summary>Rows counted, not rejected, by expectations of severity <c>warn</c>.</summary>
    public long Warnings { get; init; }

    /// <summary>True if a formula read the frozen clock: the result then depends on the run's day.</summary>
    public bool ClockWasRead { get; init; }

    /// <summary>How often the file was read from its beginning: one, and one more for each barrier.</summary>
    public int Passes { get; init; } = 1;

    /// <summary>How a large file was read; null for others.</summary>
    public RangeReport? Reading { get; init; }
}
