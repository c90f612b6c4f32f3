using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansClean.Cli.Output;
using OrleansClean.Execution;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Hosting;

namespace OrleansClean.Cli.Clusters;

/// <summary><c>batch … --cluster</c>: batches that a cluster has, from any process.</summary>
internal sealed class ClusterBatches(Terminal terminal, ClusterAsked asked, ClusterAddress cluster)
{
    /// <summary><c>batch list</c>.</summary>
    public Task<int> ListAsync(bool isJson, CancellationToken cancellationToken) => ActAsync(
        async host =>
        {
            var list = await host.ListAsync(cancellationToken);
            if (list.Outcome is not HostOutcome.Known)
            {
                return Refused(list.Outcome, list.Message);
            }

            foreach (var batch in list.Batches)
            {
                Print(ClusterBatchLine.Of(batch), isJson);
            }

            return ExitCodes.Done;
        },
        cancellationToken);

    /// <summary><c>batch show</c>.</summary>
    public Task<int> ShowAsync(string? id, bool isJson, CancellationToken cancellationToken) => ActAsync(
        async host =>
        {
            var (batch, why) = await FindAsync(host, id, cancellationToken);
            if (batch is null)
            {
                return Refused(HostOutcome.Missing, why);
            }

            var status = await host.StatusAsync(batch.Id, cancellationToken);
            if (status.Overview is null)
            {
                return Refused(status.Outcome, status.Message);
            }

            Print(ClusterBatchLine.Of(batch).With(status.Overview), isJson);
            return ExitCodes.Done;
        },
        cancellationToken);

    /// <summary><c>batch wait</c>.</summary>
    public Task<int> WaitAsync(string? id, ClusterWaitOptions options, CancellationToken cancellationToken) => ActAsync(
        async host =>
        {
            var (batch, why) = await FindAsync(host, id, cancellationToken);
            return batch is null
                ? Refused(HostOutcome.Missing, why)
                : await new ClusterWait(terminal, host, cluster, options).UntilEndAsync(batch.Id, cancellationToken, batch.Kind);
        },
        cancellationToken);

    /// <summary>
    /// <c>batch cancel</c>, <c>batch retry</c> and <c>batch resume</c>: asks for something, waits for the end, and prints the ledger.
    /// </summary>
    public Task<int> FinishAsync(string? id, Func<IBatchHost, string, CancellationToken, Task<HostReply>> ask, CancellationToken cancellationToken) => ActAsync(
        async host =>
        {
            var (batch, why) = await FindAsync(host, id, cancellationToken);
            if (batch is null)
            {
                return Refused(HostOutcome.Missing, why);
            }

            var reply = await ask(host, batch.Id, cancellationToken);
            return reply.IsGood
                ? await new ClusterWait(terminal, host, cluster, new ClusterWaitOptions()).UntilEndAsync(batch.Id, cancellationToken, batch.Kind)
                : Refused(reply.Outcome, reply.Message);
        },
        cancellationToken);

    /// <summary>The batch of an id, or the latest; or why there is none.</summary>
    private async Task<(ListedBatch? Batch, string Why)> FindAsync(IBatchHost host, string? id, CancellationToken cancellationToken)
    {
        var list = await host.ListAsync(cancellationToken);
        var found = id is null ? (list.Batches is [var latest, ..] ? latest : null) : list.Batches.FirstOrDefault(batch => batch.Id == id);
        if (found is null && id is not null && await host.StatusAsync(id, cancellationToken) is { Overview: not null } old)
        {
            // Older than what one list tells.
            found = new ListedBatch(id, "", default, old.IsDone) { Kind = old.Overview.Kind };
        }

        return (found, id is null ? $"The cluster {cluster.Name} has no batch yet." : $"The cluster {cluster.Name} has no batch '{Visible.Path(id)}'.");
    }

    private Task<int> ActAsync(Func<IBatchHost, Task<int>> act, CancellationToken cancellationToken) =>
        asked.ActAsync(cluster, terminal, act, cancellationToken);

    private int Refused(HostOutcome outcome, string message)
    {
        terminal.Say($"orleansclean: {Visible.Message(message)}");
        return outcome is HostOutcome.Unavailable ? ExitCodes.Failed : ExitCodes.Usage;
    }

    private void Print(ClusterBatchLine line, bool isJson) =>
        terminal.Line(isJson ? JsonSerializer.Serialize(line, CliJson.Default.ClusterBatchLine) : line.ToText());
}

/// <summary>A batch of a cluster as <c>batch list</c> and <c>batch show</c> tell it; the numbers where it was asked for them.</summary>
internal sealed record ClusterBatchLine(
    string Id, string Status, string? Plan, DateTime? SubmittedAt, int? Files = null, int? Cleaned = null, int? Unchanged = null, int? Failed = null, int? Open = null)
{
    /// <summary>What it is made of.</summary>
    [JsonIgnore]
    public string Item { get; init; } = "file";

    public static ClusterBatchLine Of(ListedBatch batch) => new(
        batch.Id, batch.IsDone ? "done" : "open", batch.PlanName.Length == 0 ? null : batch.PlanName, batch.SubmittedAt == default ? null : batch.SubmittedAt.UtcDateTime)
    {
        Item = ClusterProgress.ItemOf(batch.Kind),
    };

    /// <summary>The line with its numbers.</summary>
    public ClusterBatchLine With(BatchOverview now) => this with
    {
        Status = now.Phase.ToString().ToLowerInvariant(),
        Files = now.Items,
        Cleaned = now.Committed,
        Unchanged = now.Unchanged,
        Failed = now.Failed,
        Open = now.Items - now.Committed - now.Unchanged - now.Failed,
    };

    /// <summary>One line of text.</summary>
    public string ToText()
    {
        var submitted = SubmittedAt is { } at ? at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC" : "";
        var numbers = Files is { } files
            ? string.Create(CultureInfo.InvariantCulture, $"  {Amounts.Of(files, Item)}: {Cleaned} {(Item is "file" ? "cleaned" : "done")}, {Unchanged} unchanged, {Failed} failed, {Open} open")
            : "";
        return $"{Visible.Path(Id)}  {Status}  {submitted}{(Plan is null ? "" : "  " + Visible.Path(Plan))}{numbers}";
    }
}
