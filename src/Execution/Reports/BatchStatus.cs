namespace OrleansClean.Execution.Reports;

/// <summary>The values of <see cref="BatchReport.Status"/>.</summary>
public static class BatchStatus
{
    /// <summary>Every file was cleaned or is unchanged.</summary>
    public const string Done = "done";

    /// <summary>Some files failed.</summary>
    public const string Partial = "partial";

    /// <summary>Every file failed, or the run itself did.</summary>
    public const string Failed = "failed";

    /// <summary>Rejects or a batch expectation went beyond a limit; nothing was published.</summary>
    public const string LimitExceeded = "limit-exceeded";

    /// <summary>The batch ran out of time; finished files are published, the same command continues.</summary>
    public const string Timeout = "timeout";

    /// <summary>The caller cancelled; finished files are published, the same command continues.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>True if the same command continues the batch instead of starting the next.</summary>
    public static bool IsUnfinished(string? status) => status is null or Timeout or Cancelled;
}
