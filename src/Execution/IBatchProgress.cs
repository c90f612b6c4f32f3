namespace OrleansClean.Execution;

/// <summary>Told of a running batch, from any thread. What it throws ends the batch: it should not throw.</summary>
public interface IBatchProgress
{
    /// <summary>The listing is frozen: this many files with this many bytes are to be looked at.</summary>
    void Listed(BatchListing listing);

    /// <summary>A file moved on: bytes of decoded input and rows since the last call.</summary>
    void Advanced(long bytesRead, long rows);

    /// <summary>A file failed in a way that may pass and waits for its next attempt.</summary>
    void Retrying(string file, int attempt, string reason);

    /// <summary>A file is done, one way or another.</summary>
    void Finished(Reports.FileSummary file);
}

/// <summary>What a batch is about to do.</summary>
/// <param name="PlanName">The plan's name.</param>
/// <param name="BatchId">The batch's id.</param>
/// <param name="Files">Inputs found.</param>
/// <param name="Bytes">Their size as stored.</param>
/// <param name="OutputRoot">Where outputs go, as the user would write it.</param>
/// <param name="Workers">Files cleaned side by side.</param>
public sealed record BatchListing(string PlanName, string BatchId, int Files, long Bytes, string OutputRoot, int Workers)
{
    /// <summary>True if this continues an unfinished batch with its frozen listing.</summary>
    public bool IsContinued { get; init; }

    /// <summary>Inputs that a continued batch does not know because they appeared after its listing was frozen.</summary>
    public int AppearedSince { get; init; }

    /// <summary>Of a continued batch: files that were done before.</summary>
    public int FilesDone { get; init; }

    /// <summary>Sentences that the user should see: a pattern that matched nothing, files left out as own outputs.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
