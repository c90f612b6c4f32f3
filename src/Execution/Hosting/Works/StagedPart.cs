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
}
