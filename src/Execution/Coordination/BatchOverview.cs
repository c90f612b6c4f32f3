using System.Text.Json.Serialization;
using OrleansClean.Batches;

namespace OrleansClean.Execution.Coordination;

/// <summary>How far a batch is, in numbers.</summary>
/// <param name="Id">The batch's id; null before its submit.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="Stop">Why it stops early, or null.</param>
/// <param name="Message">Why its gate stayed closed or its inputs could not be listed, or null.</param>
/// <param name="Listing">The document with its inputs, or null.</param>
/// <param name="Items">Items in all.</param>
/// <param name="Waiting">Items that wait for a worker.</param>
/// <param name="Running">Items under way.</param>
/// <param name="Staged">Items that wait for the gate or are being published.</param>
/// <param name="Committed">Items published.</param>
/// <param name="Unchanged">Items that were up to date.</param>
/// <param name="Failed">Items that failed.</param>
/// <param name="Cancelled">Items that were not done when the batch stopped.</param>
public sealed record BatchOverview(
    string? Id,
    BatchPhase Phase,
    StopReason? Stop,
    string? Message,
    string? Listing,
    int Items,
    int Waiting,
    int Running,
    int Staged,
    int Committed,
    int Unchanged,
    int Failed,
    int Cancelled)
{
    /// <summary>The kind of work.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public WorkKind Kind { get; init; }

    /// <summary>The document with what the caller asked for, or null.</summary>
    public string? Body { get; init; }

    /// <summary>Items that are being published.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Publishing { get; init; }

    /// <summary>Pieces of large items that several workers share, beside the items that are counted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Pieces { get; init; }

    /// <summary>Pieces that wait for a worker.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int PiecesWaiting { get; init; }

    /// <summary>Pieces under way.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int PiecesRunning { get; init; }

    /// <summary>Of a state.</summary>
    internal static BatchOverview Of(BatchState state) => new(
        state.Spec?.Id,
        state.Phase,
        state.Stop,
        state.Message,
        state.Listing,
        state.WholeCount,
        Whole(state, ItemStatus.Waiting),
        Whole(state, ItemStatus.Running),
        Whole(state, ItemStatus.Staged) + Whole(state, ItemStatus.Intent),
        Whole(state, ItemStatus.Committed),
        Whole(state, ItemStatus.Unchanged),
        Whole(state, ItemStatus.Failed),
        Whole(state, ItemStatus.Cancelled))
    {
        Pieces = state.ItemCount - state.WholeCount,
        PiecesWaiting = state.CountPieces(ItemStatus.Waiting),
        PiecesRunning = state.CountPieces(ItemStatus.Running),
        Kind = state.Spec?.Kind ?? default,
        Body = state.Spec?.BodyDocument,
        Publishing = state.Count(ItemStatus.Intent),
    };

    private static int Whole(BatchState state, ItemStatus status) => state.Count(status) - state.CountPieces(status);
}
