using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Inputs;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Running;

/// <summary>Everything that is settled before the first byte is written.</summary>
internal sealed record PreparedBatch
{
    public required BatchRequest Request { get; init; }

    public required BatchSeams Seams { get; init; }

    /// <summary>The stores that the batch may touch, what a test put around the output's among them.</summary>
    public required IStoreDirectory Stores { get; init; }

    /// <summary>The batch as it is submitted, but for its listing.</summary>
    public required CleaningBatch Batch { get; init; }

    public required BatchChoice Choice { get; init; }

    /// <summary>The plan's full path.</summary>
    public required string PlanPath { get; init; }

    public required int Workers { get; init; }

    /// <summary>The output root as it is written from the working folder.</summary>
    public required string RootAsWritten { get; init; }

    /// <summary>The inputs of a new batch; none for one that is continued with its frozen listing.</summary>
    public IReadOnlyList<FoundInput> Inputs { get; init; } = [];

    /// <summary>The frozen listing of a batch that is continued.</summary>
    public BatchListingDocument? Frozen { get; init; }

    public int Files { get; init; }

    public long Bytes { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];

    public int AppearedSince { get; init; }

    public string Id => Batch.Id;

    /// <summary>The store of outputs and state.</summary>
    public IObjectStore Store => Batch.Output;

    public string Root => Batch.Submission.OutputRoot;

    public bool IsContinued => Choice.Existing is not null;

    /// <summary>What the batch is about to do.</summary>
    public BatchListing Listing => new(Batch.Plan.Name, Id, Files, Bytes, RootAsWritten, Workers)
    {
        IsContinued = IsContinued,
        AppearedSince = AppearedSince,
        Notes = Notes,
    };

    /// <summary>Where the inputs of a new batch come from.</summary>
    public ListingSource Source => new(Choice.Key, PlanPath, Inputs);
}
