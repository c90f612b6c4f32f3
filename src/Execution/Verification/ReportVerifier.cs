using System.Collections.Immutable;
using OrleansClean.Execution.State;

namespace OrleansClean.Execution.Verification;

/// <summary>
/// Checks a finished batch against what lies in the folder: every output and rejects file is hashed and counted again
/// by a reader that shares no code with the engine, and the ledger, manifest and report must agree with it.
/// </summary>
public static class ReportVerifier
{
    /// <summary>Verifies a batch; a null <paramref name="batchId"/> means the latest. Throws <see cref="UsageException"/> if it is unfinished.</summary>
    public static Task<VerifyReport> VerifyAsync(StateFolder state, string? batchId, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Not built yet.");
}

/// <summary>The result of a verification.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Checks">What was checked, in order.</param>
public sealed record VerifyReport(string BatchId, ImmutableArray<VerifyCheck> Checks)
{
    /// <summary>True if every check passed.</summary>
    public bool Ok => Checks.All(c => c.Ok);
}

/// <summary>One kind of check over all files of a batch.</summary>
/// <param name="Name">Its name, kebab-case, such as <c>output-sha256</c>.</param>
/// <param name="What">One sentence: what was compared with what.</param>
/// <param name="Checked">How many things were compared.</param>
/// <param name="Failures">What differs, one sentence each; the first <see cref="FailuresMax"/>.</param>
/// <param name="FailureCount">How many differ.</param>
public sealed record VerifyCheck(string Name, string What, long Checked, ImmutableArray<string> Failures, long FailureCount)
{
    /// <summary>Failures that are told in full.</summary>
    public const int FailuresMax = 20;

    /// <summary>True if nothing differs.</summary>
    public bool Ok => FailureCount == 0;
}
