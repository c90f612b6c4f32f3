namespace OrleansClean.Execution;

/// <summary>Told of a running batch, from any thread.</summary>
public interface IBatchProgress
{
    /// <summary>The listing is frozen: this many files with this many bytes are to be looked at.</summary>
    void Listed(BatchListing listing);

    /// <summary>A file moved on.</summary>
    void Advanced(long bytesRead, long rows);

    /// <summary>A file is done, one way or another.</summary>
    void Finished(Reports.FileSummary file);
}

/// <summary>What a batch is about to do.</summary>
/// <param name="PlanName">The plan's name.</param>
/// <param name="BatchId">The batch's id.</param>
/// <param name="Files">Inputs found.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="OutputRoot">Where outputs go, as the user would write it.</param>
/// <param name="Workers">Files cleaned side by side.</param>
public sealed record BatchListing(string PlanName, string BatchId, int Files, long Bytes, string OutputRoot, int Workers);
