using System.Collections.Immutable;
using OrleansClean.Cleaning.Formulas;

namespace OrleansClean.Cleaning.Plans;

/// <summary>
/// A checked plan: what to read, what to do with each row in which order, what must hold at the end, where to write.
/// Made by <see cref="PlanLoader"/>; immutable and free of I/O, clock and culture.
/// </summary>
public sealed record Plan
{
    /// <summary>The plan's name: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>; part of batch ids.</summary>
    public required string Name { get; init; }

    /// <summary>The plan's path as the user wrote it, for messages only; empty if it has none.</summary>
    public string Path { get; init; } = "";

    /// <summary>What the plan is for, in its author's words.</summary>
    public string? About { get; init; }

    /// <summary>Parameters with the values in force: the plan's defaults under <c>--param</c>.</summary>
    public required ImmutableSortedDictionary<string, Literal> Parameters { get; init; }

    /// <summary>How inputs are read.</summary>
    public required ReadOptions Read { get; init; }

    /// <summary>The steps, in execution order.</summary>
    public required ImmutableArray<Step> Steps { get; init; }

    /// <summary>Conditions after the last step.</summary>
    public required ImmutableArray<Expectation> Expectations { get; init; }

    /// <summary>Where and how outputs are written.</summary>
    public required WriteOptions Write { get; init; }

    /// <summary>How the batch is run; never changes an output's bytes.</summary>
    public required RunOptions Run { get; init; }

    /// <summary>Examples that <c>plan test</c> runs.</summary>
    public required ImmutableArray<PlanTest> Tests { get; init; }

    /// <summary>
    /// SHA-256 in lower-case hex of the canonical form; comments, key order and <c>about note name run tests</c> do not count.
    /// </summary>
    public required string Fingerprint { get; init; }
}

/// <summary>A literal of a plan: null, true or false, a number, or text.</summary>
/// <param name="Value">The value; text points into an array of its own.</param>
/// <param name="Written">The text as it stands in the plan.</param>
public sealed record Literal(Value Value, string Written);

/// <summary>A formula or condition with the place of its first character.</summary>
/// <param name="Text">As written, without surrounding blanks.</param>
/// <param name="At">Where it begins in the plan.</param>
/// <param name="Syntax">Its parsed form.</param>
public sealed record Formula(string Text, SourcePosition At, FormulaSyntax Syntax);

/// <summary>How inputs are found and read. What is null is detected per file.</summary>
public sealed record ReadOptions
{
    /// <summary>Globs or paths relative to the plan; empty if inputs come from the command line.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>Globs of inputs to leave out.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary><c>utf-8 utf-16 utf-16le utf-16be windows-1252</c>, or null to detect.</summary>
    public string? Encoding { get; init; }

    /// <summary>The delimiter (one or more characters), or null to detect.</summary>
    public string? Delimiter { get; init; }

    /// <summary>The quote, one character; empty for none; null to detect (<c>"</c>).</summary>
    public string? Quote { get; init; }

    /// <summary>The character that escapes a quote inside quotes; null means the quote doubled.</summary>
    public string? Escape { get; init; }

    /// <summary>The character that begins a comment line, or null for none.</summary>
    public string? Comment { get; init; }

    /// <summary>The physical line of the header from one, 0 for "the file has none", null to detect.</summary>
    public int? HeaderLine { get; init; }

    /// <summary>Column names that replace the header's, or empty.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>Words that mean null besides the empty cell: whole cell, exact.</summary>
    public ImmutableArray<string> Nulls { get; init; } = [];
}

/// <summary>Where and how outputs are written.</summary>
public sealed record WriteOptions
{
    /// <summary>The name template, such as <c>out/{name}.csv</c>; relative to the plan.</summary>
    public required string To { get; init; }

    /// <summary>All inputs into one output, in the order of their names.</summary>
    public bool Combine { get; init; }

    /// <summary>With <see cref="Combine"/>: a first column <c>_file</c> that names the input.</summary>
    public bool FileColumn { get; init; }

    /// <summary>Line end <c>\r\n</c> instead of <c>\n</c>.</summary>
    public bool Crlf { get; init; }

    /// <summary>A UTF-8 byte order mark first.</summary>
    public bool Bom { get; init; }

    /// <summary>How fields are quoted.</summary>
    public Quoting Quoting { get; init; }

    /// <summary>Where in the plan this stands.</summary>
    public SourcePosition At { get; init; }
}

/// <summary>How fields are quoted on output.</summary>
public enum Quoting
{
    /// <summary>An unchanged field keeps its bytes, quotes included; another is quoted only where it must be.</summary>
    Keep,

    /// <summary>Every field is quoted only where it must be.</summary>
    Minimal,

    /// <summary>Every field is quoted.</summary>
    All,
}

/// <summary>How a batch is run.</summary>
public sealed record RunOptions
{
    /// <summary>Rejected rows allowed in the whole batch: a count, or a share of the rows read; null for no limit.</summary>
    public RejectLimit? MaxRejects { get; init; }

    /// <summary>Wall time for one file, or null.</summary>
    public TimeSpan? FileTimeout { get; init; }

    /// <summary>Wall time for the batch, or null.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Attempts after the first, for failures that may pass. Default 3.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>Publish outputs only when all are ready and the limits hold.</summary>
    public bool PublishTogether { get; init; }
}

/// <summary>A bound on rejected rows: exactly one of the two is set.</summary>
/// <param name="Rows">A count of rows.</param>
/// <param name="Share">A share of the rows read, 0 to 1.</param>
public sealed record RejectLimit(long? Rows, double? Share)
{
    /// <summary>True if <paramref name="rejected"/> of <paramref name="rowsIn"/> is more than the bound allows.</summary>
    public bool IsExceededBy(long rejected, long rowsIn) =>
        Rows is { } rows ? rejected > rows : rejected > Share!.Value * rowsIn;

    /// <summary>As it is written: <c>500</c> or <c>2%</c>.</summary>
    public override string ToString() => Rows is { } rows
        ? rows.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Share!.Value * 100:0.############}%");

    /// <summary>Reads <c>500</c> or <c>2%</c>.</summary>
    public static bool TryParse(string text, out RejectLimit? limit)
    {
        limit = null;
        const System.Globalization.NumberStyles digits = System.Globalization.NumberStyles.AllowDecimalPoint;
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        if (text.EndsWith('%') && double.TryParse(text.AsSpan()[..^1], digits, culture, out var percent) && percent <= 100)
        {
            limit = new RejectLimit(null, percent / 100);
        }
        else if (long.TryParse(text, System.Globalization.NumberStyles.None, culture, out var rows))
        {
            limit = new RejectLimit(rows, null);
        }

        return limit is not null;
    }
}

/// <summary>How grave a broken expectation is.</summary>
public enum Severity
{
    /// <summary>The row is rejected.</summary>
    Error,

    /// <summary>The row is counted and stays.</summary>
    Warn,
}

/// <summary>A condition that every row must meet after the last step, or that the batch's totals must meet.</summary>
public sealed record Expectation
{
    /// <summary>The condition.</summary>
    public required Formula Check { get; init; }

    /// <summary>What happens to a row that breaks it.</summary>
    public Severity Severity { get; init; }

    /// <summary>True for <c>scope: batch</c>: speaks of totals (<c>rows_in rows_out rejected dropped files failed</c>).</summary>
    public bool OfBatch { get; init; }

    /// <summary>The author's message for a row that breaks it, or null.</summary>
    public string? Message { get; init; }
}

/// <summary>An example: this input gives that output.</summary>
public sealed record PlanTest
{
    /// <summary>What it shows.</summary>
    public required string Name { get; init; }

    /// <summary>The input file's text.</summary>
    public required string Given { get; init; }

    /// <summary>The output file's text.</summary>
    public required string Expect { get; init; }

    /// <summary>Rows dropped by step id, or null where the example does not say.</summary>
    public ImmutableSortedDictionary<string, long>? Dropped { get; init; }

    /// <summary>Rows rejected by code, or null where the example does not say.</summary>
    public ImmutableSortedDictionary<string, long>? Rejected { get; init; }

    /// <summary>Where in the plan this stands.</summary>
    public SourcePosition At { get; init; }
}
