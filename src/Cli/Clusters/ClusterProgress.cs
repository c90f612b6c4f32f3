using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Progress;
using OrleansClean.Execution.Coordination;

namespace OrleansClean.Cli.Clusters;

/// <summary>Where work on a cluster stands, as it was last heard.</summary>
/// <param name="id">What it is called as long as nothing was heard.</param>
/// <param name="item">What it is made of: <c>file</c>, <c>chunk</c>, <c>range</c>.</param>
internal sealed class ClusterProgress(string id, string item = "file") : IShownProgress
{
    /// <summary>What was last heard; null before the first answer.</summary>
    public BatchOverview? Overview { get; set; }

    /// <inheritdoc />
    public double Share => Overview is { Items: > 0 } now ? (double)(Done(now) + PiecesDone(now)) / (now.Items + now.Pieces) : 0;

    /// <summary><c>3 of 12 files   5 of 16 pieces   2 under way   1 failed</c>.</summary>
    public string Line(TimeSpan elapsed)
    {
        if (Overview is not { Items: > 0 } now)
        {
            return "listing";
        }

        var parts = new List<string> { $"{Amounts.Count(Done(now))} of {Amounts.Of(now.Items, item)}" };
        if (now.Pieces > 0)
        {
            parts.Add($"{Amounts.Count(PiecesDone(now))} of {Amounts.Of(now.Pieces, "piece")}");
        }

        Add(now.Running + now.PiecesRunning, "under way");
        Add(now.Staged, "staged");
        Add(now.Unchanged, "unchanged");
        Add(now.Failed, "failed");
        return string.Join("   ", parts);

        void Add(int count, string what)
        {
            if (count > 0)
            {
                parts.Add($"{Amounts.Count(count)} {what}");
            }
        }
    }

    /// <inheritdoc />
    public string Json(TimeSpan elapsed) => JsonSerializer.Serialize(
        new ClusterProgressLine(
            Overview?.Id ?? id,
            Overview is null ? 0 : Done(Overview),
            Overview?.Items,
            Overview?.Failed ?? 0,
            Overview?.Running ?? 0,
            Overview?.Waiting ?? 0,
            Math.Round(elapsed.TotalSeconds, 1)),
        CliJson.Default.ClusterProgressLine);

    /// <summary>What work of a kind is made of.</summary>
    public static string ItemOf(WorkKind kind) => kind switch
    {
        WorkKind.Map => "chunk",
        WorkKind.Array => "range",
        _ => "file",
    };

    private static int PiecesDone(BatchOverview now) => now.Pieces - now.PiecesWaiting - now.PiecesRunning;

    private static int Done(BatchOverview now) => now.Committed + now.Unchanged + now.Failed + now.Cancelled;
}

/// <summary>One line of <c>--progress json</c> for a batch on a cluster.</summary>
internal sealed record ClusterProgressLine(string Batch, int Files, int? FilesTotal, int Failed, int Running, int Waiting, double Seconds);
