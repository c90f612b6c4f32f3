using OrleansClean.Batches;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting.Works;

/// <summary>What an item became and is to be published. It travels in the journal.</summary>
internal abstract record StagedPart
{
    /// <summary>Names the intent, the same each time it is sent.</summary>
    public required string Commit { get; init; }

    /// <summary>The staged content.</summary>
    public required string Staged { get; init; }

    /// <summary>The tag that must stand under its name; null if nothing must.</summary>
    public string? Expected { get; init; }

    /// <summary>SHA-256 of the content.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The tag of what stands under a part's name. Only an attempt that was lost may have published something: then its part is replaced.</summary>
    public static async Task<string?> FindStandingAsync(IObjectStore output, ObjectName part, AttemptId attempt, CancellationToken cancellationToken) =>
        attempt.Number == 1 ? null : (await output.FindAsync(part, cancellationToken))?.ETag.Value;
}
