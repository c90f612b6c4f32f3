using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace OrleansClean.Execution.Rejects;

/// <summary>A line of <c>rejects/PATH.jsonl</c>: one rejected row.</summary>
public sealed record RejectRecord
{
    /// <summary>The batch that rejected it.</summary>
    [JsonPropertyName("batch")]
    public string Batch { get; init; } = "";

    /// <summary>The input's name.</summary>
    [JsonPropertyName("file")]
    public string File { get; init; } = "";

    /// <summary>The record's number from one, the header not counted.</summary>
    [JsonPropertyName("record")]
    public long Record { get; init; }

    /// <summary>The physical line on which it begins, from one.</summary>
    [JsonPropertyName("line")]
    public long Line { get; init; }

    /// <summary>The physical line on which it ends.</summary>
    [JsonPropertyName("line_end")]
    public long LineEnd { get; init; }

    /// <summary>Where it begins, in bytes.</summary>
    [JsonPropertyName("byte_offset")]
    public long ByteOffset { get; init; }

    /// <summary>Its length in bytes, without the line end.</summary>
    [JsonPropertyName("byte_length")]
    public long ByteLength { get; init; }

    /// <summary>The column's place in the input from zero, or -1.</summary>
    [JsonPropertyName("column_index")]
    public int? ColumnIndex { get; init; }

    /// <summary>The column's name, or null.</summary>
    [JsonPropertyName("column")]
    public string? Column { get; init; }

    /// <summary>The id of the step that rejected it.</summary>
    [JsonPropertyName("step")]
    public string Step { get; init; } = "";

    /// <summary>The step's fingerprint.</summary>
    [JsonPropertyName("step_fingerprint")]
    public string? StepFingerprint { get; init; }

    /// <summary>The code.</summary>
    [JsonPropertyName("code")]
    public string Code { get; init; } = "";

    /// <summary><c>error</c>.</summary>
    [JsonPropertyName("severity")]
    public string? Severity { get; init; }

    /// <summary>One sentence.</summary>
    [JsonPropertyName("message")]
    public string Message { get; init; } = "";

    /// <summary>What was expected.</summary>
    [JsonPropertyName("expected")]
    public string? Expected { get; init; }

    /// <summary>The offending text, capped.</summary>
    [JsonPropertyName("value")]
    public string? Value { get; init; }

    /// <summary>The record as it stands in the input, capped; null where it is not UTF-8.</summary>
    [JsonPropertyName("raw")]
    public string? Raw { get; init; }

    /// <summary>The record's bytes in base 64, where they are not UTF-8.</summary>
    [JsonPropertyName("rawBase64")]
    public string? RawBase64 { get; init; }

    /// <summary>The offending bytes in base 64, where they are not UTF-8.</summary>
    [JsonPropertyName("valueBase64")]
    public string? ValueBase64 { get; init; }

    /// <summary>True if <see cref="Value"/> is only the beginning.</summary>
    [JsonPropertyName("valueTruncated")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ValueTruncated { get; init; }

    /// <summary>True if <see cref="Raw"/> is only the beginning.</summary>
    [JsonPropertyName("rawTruncated")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RawTruncated { get; init; }
}

/// <summary>The rejected rows of one file, counted.</summary>
/// <param name="File">The input's name.</param>
/// <param name="Rejected">Rejected rows.</param>
/// <param name="Codes">Rows by code.</param>
/// <param name="RowsPath">The full path of the file that holds the rows as they stand in the input, or null.</param>
public sealed record FileRejects(string File, long Rejected, ImmutableSortedDictionary<string, long> Codes, string? RowsPath);
