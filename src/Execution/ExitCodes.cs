using OrleansClean.Execution.Reports;

namespace OrleansClean.Execution;

/// <summary>What makes a finished batch count as failed, by the caller's wish.</summary>
[Flags]
public enum FailOn
{
    /// <summary>Nothing: rejects are part of a good run.</summary>
    Nothing = 0,

    /// <summary>Any rejected row.</summary>
    Rejects = 1,

    /// <summary>Any row or batch that broke an expectation of severity <c>warn</c>.</summary>
    Warnings = 2,
}

/// <summary>The exit codes of the command: a function of the report and the flags, and of nothing else.</summary>
public static class ExitCodes
{
    /// <summary>Finished within its limits.</summary>
    public const int Done = 0;

    /// <summary>Every file failed, or the run itself did.</summary>
    public const int Failed = 1;

    /// <summary>Bad usage, bad plan, no input; nothing was written.</summary>
    public const int Usage = 2;

    /// <summary>Finished, but <c>--fail-on</c> matched.</summary>
    public const int FailOnMatched = 3;

    /// <summary>Some files failed, the rest are good.</summary>
    public const int Partial = 4;

    /// <summary>A limit was exceeded, in rows or in time.</summary>
    public const int LimitExceeded = 5;

    /// <summary>Interrupted (Ctrl-C); the same command continues.</summary>
    public const int Interrupted = 130;

    /// <summary>Whoever read standard output has gone, as <c>| head</c> does: what a shell shows for a broken pipe.</summary>
    public const int ReaderGone = 141;

    /// <summary>Terminated; the same command continues.</summary>
    public const int Terminated = 143;

    /// <summary>The code for <paramref name="report"/>. A failed file weighs more than a match of <paramref name="failOn"/>.</summary>
    public static int Of(BatchReport report, FailOn failOn = FailOn.Nothing, bool wasTerminated = false) => report.Status switch
    {
        BatchStatus.Done => Matches(report, failOn) ? FailOnMatched : Done,
        BatchStatus.Partial => Partial,
        BatchStatus.LimitExceeded or BatchStatus.Timeout => LimitExceeded,
        BatchStatus.Cancelled => wasTerminated ? Terminated : Interrupted,
        _ => Failed,
    };

    /// <summary>The code of a run that was not started: what is known to fail counts as it would in the run.</summary>
    public static int Of(BatchPreview preview)
    {
        var failing = preview.Files.Count(file => file.Will is "fail");
        return failing == 0 ? Done : failing == preview.Files.Length ? Failed : Partial;
    }

    private static bool Matches(BatchReport report, FailOn failOn) =>
        (failOn.HasFlag(FailOn.Rejects) && report.Ledger.Rows.Rejected > 0)
        || (failOn.HasFlag(FailOn.Warnings) && report.Expectations.Any(e => e.Severity is "warn" && !e.Ok));
}
