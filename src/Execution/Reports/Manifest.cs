using System.Collections.Immutable;

namespace OrleansClean.Execution.Reports;

/// <summary>
/// <c>manifest.json</c>: what is the same however often, by how many workers and in which order a batch is run. Files are
/// sorted by name; there is no time, host, worker or attempt.
/// </summary>
public sealed record Manifest
{
    /// <summary>The format's version.</summary>
    public int ManifestVersion { get; init; } = 1;

    /// <summary>The plan.</summary>
    public required PlanIdentity Plan { get; init; }

    /// <summary>The version of the output's bytes.</summary>
    public required int OutputVersion { get; init; }

    /// <summary>The totals.</summary>
    public required BatchLedger Ledger { get; init; }

    /// <summary>Rejected rows by code.</summary>
    public required ImmutableSortedDictionary<string, long> Codes { get; init; }

    /// <summary>Every input, in the order of names.</summary>
    public required ImmutableArray<ManifestFile> Files { get; init; }
}

/// <summary>One input of a manifest.</summary>
public sealed record ManifestFile
{
    /// <summary>The input's name.</summary>
    public required string Path { get; init; }

    /// <summary>Which content it had.</summary>
    public string? InputEtag { get; init; }

    /// <summary>Its SHA-256, with <c>--hash-inputs</c>.</summary>
    public string? InputSha256 { get; init; }

    /// <summary>Its size as stored.</summary>
    public long InputBytes { get; init; }

    /// <summary><c>cleaned unchanged failed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The code of a failed file.</summary>
    public string? Failure { get; init; }

    /// <summary>Its rows; null for a failed file.</summary>
    public FileRows? Rows { get; init; }

    /// <summary>Rejected rows by code.</summary>
    public ImmutableSortedDictionary<string, long>? Codes { get; init; }

    /// <summary>Its output; null for a failed file.</summary>
    public FileOutput? Output { get; init; }

    /// <summary>Its rejected rows; null if there are none.</summary>
    public FileOutput? Rejects { get; init; }

    /// <summary>The part of a summary that never varies.</summary>
    public static ManifestFile Of(FileSummary file) => new()
    {
        Path = file.Path,
        InputEtag = file.InputEtag,
        InputSha256 = file.InputSha256,
        InputBytes = file.InputBytes,
        Status = file.Status,
        Failure = file.Failure?.Code,
        Rows = file.Rows,
        Codes = file.Codes,
        Output = file.Output,
        Rejects = file.Rejects,
    };
}
