using System.Globalization;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.State;

namespace OrleansClean.Cli.Batches;

/// <summary>A batch as <c>batch list</c> and <c>batch show</c> tell it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">A report's status, or how far it is: <c>listing running finishing unfinished</c>.</param>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="Files">Inputs.</param>
/// <param name="Cleaned">Files that were cleaned.</param>
/// <param name="Unchanged">Files that were up to date.</param>
/// <param name="Failed">Files that failed.</param>
/// <param name="Open">Files that are not done.</param>
internal sealed record BatchLine(string Id, string Status, DateTime StartedAt, int? Files, int? Cleaned, int? Unchanged, int? Failed, int? Open)
{
    /// <summary>True if nothing more happens to it by itself.</summary>
    public bool IsDone { get; init; }

    /// <summary>Reads one: a batch that is done by its report, another one by its journal.</summary>
    public static async Task<BatchLine> ReadAsync(StateFolder state, BatchEntry batch, IBatchHost host, CancellationToken cancellationToken)
    {
        var line = Of(batch, state.ReadReport(batch.Id));
        if (state.IsFinished(batch.Id) || (await host.StatusAsync(batch.Id, cancellationToken)).Overview is not { } overview)
        {
            return line;
        }

        return line with
        {
            IsDone = false,
            Status = state.IsInUse ? overview.Phase.ToString().ToLowerInvariant() : "unfinished",
            Files = overview.Items,
            Cleaned = overview.Committed,
            Unchanged = overview.Unchanged,
            Failed = overview.Failed,
            Open = overview.Items - overview.Committed - overview.Unchanged - overview.Failed,
        };
    }

    /// <summary>One line of text.</summary>
    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Output.Visible.Path(Id)}  {Status}  {StartedAt:yyyy-MM-dd HH:mm:ss} UTC{(Files is null ? "" : $"  {Output.Amounts.Of(Files.Value, "file")}: {Cleaned} cleaned, {Unchanged} unchanged, {Failed} failed, {Open} open")}");

    private static BatchLine Of(BatchEntry batch, BatchReport? report)
    {
        var files = report?.Ledger.Files;
        return new BatchLine(
            batch.Id, report?.Status ?? "unfinished", batch.StartedAt.UtcDateTime, files?.Found, files?.Cleaned, files?.Unchanged, files?.Failed, files?.Cancelled)
        {
            IsDone = report is not null,
        };
    }
}
