using System.Collections.Immutable;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Execution.Inputs;
using OrleansClean.Execution.Publishing;
using OrleansClean.Execution.State;
using OrleansClean.Storage;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Running;

/// <summary>Everything that is settled before the first byte is written.</summary>
internal sealed record PreparedBatch
{
    public required BatchRequest Request { get; init; }

    /// <summary>The plan, with the request's limits over its own.</summary>
    public required Plan Plan { get; init; }

    public required BatchHeader Header { get; init; }

    public required OutputTemplate Template { get; init; }

    /// <summary>The output root.</summary>
    public required FolderStore Folder { get; init; }

    /// <summary>The store to write through: <see cref="Folder"/>, or what a test put around it.</summary>
    public required IObjectStore Store { get; init; }

    public required ImmutableArray<BatchItem> Items { get; init; }

    public required BatchGate Gate { get; init; }

    public required int Workers { get; init; }

    public required string Effective { get; init; }

    public required BatchSeams Seams { get; init; }

    /// <summary>The stores that inputs are read from.</summary>
    public required IReadOnlyList<IObjectStore> Sources { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];

    public bool IsContinued { get; init; }

    /// <summary>True if an id was asked for whose batch has come to its end: there is nothing to do.</summary>
    public bool IsFinished { get; init; }

    public int AppearedSince { get; init; }

    public string Id => Header.BatchId;

    /// <summary>The frozen day, for records of outputs that read the clock.</summary>
    public string Day => Header.StartedAt.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What the batch is about to do.</summary>
    public BatchListing Listing => new(Plan.Name, Id, Items.Length, Items.Sum(i => i.Bytes), RootAsWritten, Workers)
    {
        IsContinued = IsContinued,
        AppearedSince = AppearedSince,
        Notes = Notes,
    };

    /// <summary>As it is written from the working folder: <c>write:</c> is relative to the plan, and the plan may be elsewhere.</summary>
    private string RootAsWritten =>
        Path.Join(Request.OutputDirectory ?? Path.GetDirectoryName(Request.PlanPath), Template.Folder) is { Length: > 0 } root ? root : ".";
}
