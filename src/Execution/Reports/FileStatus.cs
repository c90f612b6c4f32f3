namespace OrleansClean.Execution.Reports;

/// <summary>The values of <see cref="FileSummary.Status"/>.</summary>
public static class FileStatus
{
    /// <summary>It was cleaned in this batch.</summary>
    public const string Cleaned = "cleaned";

    /// <summary>Its output is up to date.</summary>
    public const string Unchanged = "unchanged";

    /// <summary>It could not be cleaned.</summary>
    public const string Failed = "failed";

    /// <summary>The batch ended before it.</summary>
    public const string Cancelled = "cancelled";
}
