namespace OrleansClean.Batches;

/// <summary>
/// The stable names of what costs an item or a batch whatever its data are. Each has a heading in <c>docs/errors.md</c>. What the work itself
/// finds has names of its own; <c>file-timeout</c> is among both, because either may notice that time is over.
/// </summary>
public static class FailureCodes
{
    /// <summary>An item that took longer than the batch allows.</summary>
    public const string FileTimeout = "file-timeout";

    /// <summary>Inputs that cannot be listed: a plan, a parameter or a name that does not fit.</summary>
    public const string ListingError = "listing-error";

    /// <summary>An output's name under which somebody else wrote after the listing.</summary>
    public const string OutputConflict = "output-conflict";

    /// <summary>A staged output that was gone before it was published.</summary>
    public const string StageLost = "stage-lost";

    /// <summary>An item on which too many workers were lost.</summary>
    public const string WorkerLost = "worker-lost";
}
