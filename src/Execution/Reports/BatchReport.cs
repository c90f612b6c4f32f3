using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansClean.Batches;

namespace OrleansClean.Execution.Reports;

/// <summary>
/// <c>report.json</c>: the totals of a batch with times, attempts, workers and at most <see cref="FilesMax"/> file
/// summaries, failed first. Property names in JSON are camelCase.
/// </summary>
public sealed record BatchReport
{
    /// <summary>File summaries that a report holds; all of them are in <c>files.jsonl</c>.</summary>
    public const int FilesMax = 1_000;

    /// <summary>The format's version.</summary>
    public int ReportVersion { get; init; } = 1;

    /// <summary>The batch's id.</summary>
    public required string BatchId { get; init; }

    /// <summary><c>done partial failed limit-exceeded timeout cancelled</c>.</summary>
    public required string Status { get; init; }

    /// <summary>When the run began, UTC.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The plan.</summary>
    public required PlanIdentity Plan { get; init; }

    /// <summary>The engine.</summary>
    public required EngineIdentity Engine { get; init; }

    /// <summary>The totals.</summary>
    public required BatchLedger Ledger { get; init; }

    /// <summary>Every step over all files.</summary>
    public required ImmutableArray<StepSummary> Steps { get; init; }

    /// <summary>Every expectation over all files.</summary>
    public ImmutableArray<ExpectationSummary> Expectations { get; init; } = [];

    /// <summary>Rejected rows by code, over all files.</summary>
    public ImmutableSortedDictionary<string, long> Codes { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>File summaries, failed first.</summary>
    public required ImmutableArray<FileSummary> Files { get; init; }

    /// <summary>What it cost.</summary>
    public required BatchCost Cost { get; init; }

    /// <summary>Where the rest is, relative to the output root.</summary>
    public required BatchLinks Links { get; init; }

    /// <summary>Why the batch as a whole failed or stopped, or null.</summary>
    public string? Message { get; init; }

    /// <summary>Reads a <c>report.json</c>; null if it is none.</summary>
    public static async Task<BatchReport?> ReadAsync(Stream json, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(json, State.ExecutionJson.Pages.BatchReport, cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The plan that was run.</summary>
public sealed record PlanIdentity(string Name, string Fingerprint, ImmutableSortedDictionary<string, string> Params);

/// <summary>The engine that ran it.</summary>
public sealed record EngineIdentity(string Version, int OutputVersion, int Workers);

/// <summary>The totals of a batch.</summary>
public sealed record BatchLedger(FileCounts Files, RowTotals Rows, LineTotals Lines, CellTotals Cells, ByteTotals Bytes);

/// <summary>Files by outcome. <paramref name="Found"/> is the sum of the others.</summary>
public sealed record FileCounts(int Found, int Cleaned, int Unchanged, int Failed, int Cancelled);

/// <summary>Rows by outcome; unchanged files add the rows recorded when they were cleaned.</summary>
public sealed record RowTotals(long In, long Out, long Dropped, long Rejected, bool Balanced)
{
    /// <summary>Of <see cref="In"/>, the rows of unchanged files.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long InUnchanged { get; init; }
}

/// <summary>Lines that are not records.</summary>
public sealed record LineTotals(long Preamble, long Blank);

/// <summary>Cells.</summary>
public sealed record CellTotals(long Changed);

/// <summary>Bytes of the inputs that the rows come from, as stored, and of the outputs. A failed file adds nothing, as to the rows.</summary>
public sealed record ByteTotals(long In, long Out);

/// <summary>A step over all files.</summary>
public sealed record StepSummary
{
    /// <summary>Its place; 0 is <c>read</c>.</summary>
    public required int Index { get; init; }

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Rows that reached it.</summary>
    public required long In { get; init; }

    /// <summary>Rows that left it.</summary>
    public required long Out { get; init; }

    /// <summary>Rows that it removed by rule.</summary>
    public required long Dropped { get; init; }

    /// <summary>Of these, rows whose condition was null; left out where it is zero.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long DroppedNull { get; init; }

    /// <summary>Of these, rows whose condition was false; left out where it is zero.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long DroppedFalse { get; init; }

    /// <summary>Bad rows.</summary>
    public required long Rejected { get; init; }

    /// <summary>Cells that it changed.</summary>
    public required long CellsChanged { get; init; }

    /// <summary>Rejected rows by code; left out where there are none.</summary>
    public ImmutableSortedDictionary<string, long>? Codes { get; init; }

    /// <summary>Decisions from whole files, at most 100; left out where there are none.</summary>
    public ImmutableArray<Decision>? Decisions { get; init; }
}

/// <summary>A decision that a step took from a whole file.</summary>
public sealed record Decision(string File, string Column, string Order, long Proving, long Contradicting);

/// <summary>An expectation over all files.</summary>
public sealed record ExpectationSummary
{
    /// <summary>The condition as written.</summary>
    public required string Check { get; init; }

    /// <summary><c>error</c> or <c>warn</c>.</summary>
    public required string Severity { get; init; }

    /// <summary>True if nothing broke it.</summary>
    public required bool Ok { get; init; }

    /// <summary>Rows (or batches) that it was evaluated for.</summary>
    public required long Evaluated { get; init; }

    /// <summary>Rows that broke it.</summary>
    public required long Unexpected { get; init; }

    /// <summary>What happened to them: <c>rejected</c>, or null.</summary>
    public string? Action { get; init; }

    /// <summary>The first of them, at most 5.</summary>
    public ImmutableArray<ExpectationSample>? Samples { get; init; }
}

/// <summary>A row that broke an expectation. <paramref name="Value"/> is for the terminal and never written to a file.</summary>
public sealed record ExpectationSample(string File, long Line, [property: JsonIgnore] string? Value = null);

/// <summary>One file's outcome: a line of <c>files.jsonl</c>.</summary>
public sealed record FileSummary
{
    /// <summary>The input's name.</summary>
    public required string Path { get; init; }

    /// <summary><c>cleaned unchanged failed cancelled</c>.</summary>
    public required string Status { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>How it was read.</summary>
    public DialectSummary? Dialect { get; init; }

    /// <summary>Its rows; null for a failed file.</summary>
    public FileRows? Rows { get; init; }

    /// <summary>Its output; null for a failed file.</summary>
    public FileOutput? Output { get; init; }

    /// <summary>Rejected rows by code.</summary>
    public ImmutableSortedDictionary<string, long>? Codes { get; init; }

    /// <summary>The first rejected row.</summary>
    public RejectSummary? FirstReject { get; init; }

    /// <summary>Header cells that got another name.</summary>
    public ImmutableArray<RenamedColumn>? Renamed { get; init; }

    /// <summary>Why the file failed.</summary>
    public FileFailure? Failure { get; init; }

    /// <summary>What the input was when it was read.</summary>
    public string? InputEtag { get; init; }

    /// <summary>The input's SHA-256, with <c>--hash-inputs</c>.</summary>
    public string? InputSha256 { get; init; }

    /// <summary>The input's size as stored.</summary>
    public long InputBytes { get; init; }

    /// <summary>The rejected rows as they stand in the input (<c>_rejects/…</c>); null if there are none.</summary>
    public FileOutput? Rejects { get; init; }

    /// <summary>
    /// Where the records of its rejected rows are, in the logs of the batch that cleaned it (<c>records/</c>); null where they have an object of their own
    /// (<c>rejects/</c>), and if there are none.
    /// </summary>
    public AsidePlace? Records { get; init; }

    /// <summary>
    /// Its reject records as they were written, wherever they are; null if there is none, and in reports of versions that did not record it.
    /// </summary>
    public FileRecords? RejectRecords { get; init; }

    /// <summary>The batch that cleaned an unchanged file, or null.</summary>
    public string? CleanedBy { get; init; }

    /// <summary>How a large input was read; null for others. It may differ between runs: the output does not.</summary>
    public ReadingSummary? Reading { get; init; }

    /// <summary>What the engine counted; in <c>files.jsonl</c> only.</summary>
    public FileDetail? Detail { get; init; }

    /// <summary>Who did it.</summary>
    public string? Worker { get; init; }

    /// <summary>How long it took.</summary>
    public long Millis { get; init; }
}

/// <summary>What the engine counted in one file: enough to add it to a batch's totals without reading it again.</summary>
public sealed record FileDetail
{
    /// <summary>Step 0, the plan's steps and the expectations.</summary>
    public required ImmutableArray<StepSummary> Steps { get; init; }

    /// <summary>The expectations.</summary>
    public ImmutableArray<ExpectationSummary> Expectations { get; init; } = [];

    /// <summary>Lines that are not records.</summary>
    public required LineTotals Lines { get; init; }

    /// <summary>Cells changed over all steps.</summary>
    public long CellsChanged { get; init; }

    /// <summary>The output's columns.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>How many columns the input has.</summary>
    public int InputColumns { get; init; }

    /// <summary>True if a formula read the batch's frozen clock.</summary>
    public bool ClockWasRead { get; init; }

    /// <summary>How often the file was read.</summary>
    public int Passes { get; init; } = 1;
}

/// <summary>How a file was read.</summary>
public sealed record DialectSummary(
    string Encoding,
    string Delimiter,
    string Quote,
    string Newline,
    int PreambleRows,
    int HeaderLine,
    double Confidence)
{
    /// <summary><c>gzip</c>, or null.</summary>
    public string? Compression { get; init; }

    /// <summary>True if the file begins with a byte order mark; left out if not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Bom { get; init; }

    /// <summary>The escape inside quotes, or null for the doubled quote.</summary>
    public string? Escape { get; init; }

    /// <summary>The character that begins a comment line, or null.</summary>
    public string? Comment { get; init; }
}

/// <summary>How a large input was read.</summary>
/// <param name="Ranges">Ranges that were cleaned side by side; 0 if one reader read all of it.</param>
/// <param name="OneReader">Why one reader read all of it or some stretches, or null.</param>
/// <param name="OneReaderBytes">Bytes of decoded input that one reader read.</param>
public sealed record ReadingSummary(long Ranges, string? OneReader, long OneReaderBytes);

/// <summary>A file's rows.</summary>
public sealed record FileRows(long In, long Out, long Dropped, long Rejected);

/// <summary>A file's output.</summary>
/// <param name="Path">Its name below the output root.</param>
/// <param name="Sha256">Its digest: SHA-256 in lower-case hex, or as <see cref="Cleaning.Verifying.ContentDigest"/> says for one that several workers wrote.</param>
/// <param name="Bytes">Its length.</param>
public sealed record FileOutput(string Path, string Sha256, long Bytes);

/// <summary>A file's reject records. Where they lie follows from the batch and the input's name.</summary>
public sealed record FileRecords(string Sha256, long Bytes);

/// <summary>A rejected row, for a summary: no cell value.</summary>
public sealed record RejectSummary(long Line, string? Column, string Code)
{
    /// <summary>What was expected there.</summary>
    public string Expected { get; init; } = "";

    /// <summary>The offending text for the terminal; never written to a file.</summary>
    [JsonIgnore]
    public string? Value { get; init; }
}

/// <summary>A header cell that got another name.</summary>
public sealed record RenamedColumn(string From, string To);

/// <summary>Why a file failed.</summary>
public sealed record FileFailure(string Code, string Message)
{
    /// <summary>The physical line on which it was noticed, or 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Line { get; init; }
}

/// <summary>What a batch cost.</summary>
public sealed record BatchCost(double CpuSeconds, double WallSeconds, long PeakBytes, long StorageOperations);

/// <summary>Where the rest of a batch's results are.</summary>
public sealed record BatchLinks(string Rejects, string Files, string Manifest);
